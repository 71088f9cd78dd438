/// How much of a benchmark is run, and in which form.
public struct BenchmarkOptions: Equatable, Sendable {
  /// Most questions of each group, at least 1; `nil`: all.
  public var limit: Int?
  /// Few-shot examples, at least 0; `nil`: the benchmark's usual number.
  public var shots: Int?
  /// Whether prompts that are answered in text stand in the model's chat template, as one turn.
  public var usesChatTemplate = false

  /// Creates the usual form: everything, nothing wrapped.
  ///
  /// - Parameters:
  ///   - limit: Most questions of each group, at least 1; `nil`: all.
  ///   - shots: Few-shot examples, at least 0; `nil`: the benchmark's usual number.
  ///   - usesChatTemplate: Whether prompts that are answered in text stand in the chat template.
  public init(limit: Int? = nil, shots: Int? = nil, usesChatTemplate: Bool = false) {
    self.limit = limit
    self.shots = shots
    self.usesChatTemplate = usesChatTemplate
  }

  /// The first rows of each group.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - group: Name of a row's group.
  /// - Returns: The rows that are asked, in their order.
  func limited<Row>(_ rows: [Row], by group: (Row) -> String) -> [Row] {
    guard let limit else { return rows }
    var counts: [String: Int] = [:]
    return rows.filter { row in
      counts[group(row), default: 0] += 1
      return counts[group(row), default: 0] <= limit
    }
  }
}
