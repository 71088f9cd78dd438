public import DevFTFormats

/// The classes of a data set, in the order of the head's rows.
public struct ClassLabels: Codable, Equatable, Sendable {
  /// Their names.
  public let names: [String]

  /// Takes names in their order.
  ///
  /// - Parameter names: At least two, none twice.
  /// - Throws: `TrainingError` with code `badLabel` when there are fewer.
  public init(_ names: [String]) throws(TrainingError) {
    guard names.count >= 2 else {
      throw TrainingError(.badLabel, "expected rows of at least 2 classes, found \(names.count)")
    }
    self.names = names
  }

  /// Collects the classes of examples: by number where all are numbers, else by name.
  ///
  /// - Parameters:
  ///   - examples: Labelled examples.
  ///   - source: What they came from, for messages.
  /// - Throws: `TrainingError` with code `badLabel` when one has no class, or all are of one.
  public init(of examples: [Example], source: String) throws(TrainingError) {
    if let example = examples.first(where: { $0.labelled == nil }) {
      throw TrainingError(
        .badLabel,
        "\(example.line.map { "\(source):\($0)" } ?? source): expected a row with text and label, since "
          + "the model classifies texts"
      )
    }
    let names = Set(examples.compactMap(\.labelled?.label))
    let numbers = names.compactMap { Int($0) }
    try self.init(
      numbers.count == names.count ? numbers.sorted().map { "\($0)" } : names.sorted()
    )
  }

  /// Number of classes.
  public var count: Int { names.count }

  /// Finds a class.
  ///
  /// - Parameter label: Its name, or where no class is called so, its number from 0.
  /// - Returns: Its number, or `nil`.
  public func index(of label: String) -> Int? {
    if let index = names.firstIndex(of: label) { return index }
    return Int(label).flatMap { names.indices.contains($0) ? $0 : nil }
  }
}
