import DevFTFormats

/// A question of MT-Bench or Vicuna-Bench: one turn or two of the user.
public struct BenchQuestion: Equatable, Sendable {
  /// Identifier.
  public var id: Int
  /// Category, such as `math`.
  public var category: String
  /// What the user says, turn by turn.
  public var turns: [String]

  /// Reads a file of questions.
  ///
  /// - Parameter path: JSONL with `question_id`, `category` and `turns`, as FastChat publishes it.
  /// - Returns: The questions.
  /// - Throws: `FormatError` that names file, line and key.
  public static func all(in path: String) throws -> [BenchQuestion] {
    try JSONRow.all(in: path).map { row in
      let turns = try row.texts("turns")
      guard (1...2).contains(turns.count) else {
        throw row.failure("turns", "one or two strings", row.json["turns"])
      }
      return BenchQuestion(
        id: try row.integer("question_id", in: 0...Int.max),
        category: try row.text("category"),
        turns: turns
      )
    }
  }

  /// Temperature at which FastChat has such questions answered.
  var temperature: Double {
    switch category {
    case "extraction", "math", "coding", "reasoning", "arena-hard-200": 0
    case "stem", "humanities": 0.1
    default: 0.7
    }
  }

  /// Whether judges are shown a reference answer.
  public var needsReference: Bool {
    ["math", "reasoning", "coding", "arena-hard-200"].contains(category)
  }
}
