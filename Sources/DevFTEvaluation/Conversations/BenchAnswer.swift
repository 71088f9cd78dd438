import DevFTFormats

/// What a model answered to a question, turn by turn, in FastChat's form.
public struct BenchAnswer: Equatable, Sendable {
  /// The question's identifier.
  public var questionID: Int
  /// Name of the model.
  public var model: String
  /// The answers, one a turn.
  public var turns: [String]

  /// Describes an answer.
  ///
  /// - Parameters:
  ///   - questionID: The question's identifier.
  ///   - model: Name of the model.
  ///   - turns: The answers, one a turn.
  public init(questionID: Int, model: String, turns: [String]) {
    self.questionID = questionID
    self.model = model
    self.turns = turns
  }

  /// Reads a file of answers.
  ///
  /// - Parameter path: JSONL as FastChat's `model_answer` and `reference_answer`.
  /// - Returns: The answers; of several of one question the last counts.
  /// - Throws: `FormatError` that names file, line and key.
  public static func all(in path: String) throws -> [Int: BenchAnswer] {
    var answers: [Int: BenchAnswer] = [:]
    for row in try JSONRow.all(in: path) {
      let id = try row.integer("question_id", in: 0...Int.max)
      guard let choice = row.json["choices"]?.elements?.first,
        let turns = choice["turns"]?.elements?.compactMap(\.text), !turns.isEmpty
      else {
        throw row.failure("choices", "objects with the turns of an answer", row.json["choices"])
      }
      answers[id] = BenchAnswer(questionID: id, model: try row.text("model_id"), turns: turns)
    }
    return answers
  }

  /// The answer as one line of JSON.
  ///
  /// Equal answers give equal lines: the identifier is made of model and question, and the time stamp, which
  /// FastChat does not evaluate, is 0.
  public var line: String {
    let choice = JSONValue.object([
      .init("index", .number("0")), .init("turns", .array(turns.map { .string($0) })),
    ])
    return JSONValue.object([
      .init("question_id", .number(String(questionID))),
      .init("answer_id", .string("\(model)-\(questionID)")), .init("model_id", .string(model)),
      .init("choices", .array([choice])), .init("tstamp", .number("0.0")),
    ]).encoded
  }
}
