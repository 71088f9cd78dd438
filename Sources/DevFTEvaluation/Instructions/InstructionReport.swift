import DevFTFormats

/// Which instructions the answers of a file follow.
public struct InstructionReport: Sendable {
  private let verdicts: [InstructionVerdict]

  /// Checks answers.
  ///
  /// - Parameters:
  ///   - prompts: Prompts of IFEval, JSONL.
  ///   - answers: JSONL with `key`, that of a prompt, and `response`.
  ///   - checker: The checks.
  /// - Throws: `FormatError` that names file, line and key.
  public init(prompts: String, answers: String, checker: InstructionChecker) throws {
    let known = try JSONRow.all(in: prompts).map { try InstructedPrompt($0) }
    let byKey = Dictionary(known.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    verdicts = try JSONRow.all(in: answers).map { row in
      guard case .number(let key)? = row.json["key"], let prompt = byKey[key] else {
        throw row.failure("key", "the key of a prompt", row.json["key"])
      }
      return prompt.verdict(on: try row.text("response"), checker)
    }
  }

  /// Shares of prompts and of instructions that are followed.
  public var result: EvaluationResult { InstructionResult(verdicts).result("ifeval") }

  /// One line an answer: `key`, `strict` and `loose`, a flag for each instruction.
  public var text: String {
    verdicts.map { verdict in
      func flags(_ flags: [Bool]) -> JSONValue { .array(flags.map { .boolean($0) }) }
      let line = JSONValue.object([
        .init("key", .number(verdict.prompt.id)), .init("strict", flags(verdict.strict)),
        .init("loose", flags(verdict.loose)),
      ])
      return line.encoded + "\n"
    }.joined()
  }
}
