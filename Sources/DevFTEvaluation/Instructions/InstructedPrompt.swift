import DevFTFormats

/// A prompt and the instructions in it.
struct InstructedPrompt: Sendable {
  var id: String
  var text: String
  var names: [String]
  var instructions: [Instruction]

  /// Reads a row of IFEval.
  ///
  /// - Parameter row: `key`, `prompt`, `instruction_id_list` and `kwargs`.
  /// - Throws: `FormatError` that names file, line and key.
  init(_ row: JSONRow) throws(FormatError) {
    guard case .number(let key)? = row.json["key"] else {
      throw row.failure("key", "a number", row.json["key"])
    }
    id = key
    text = try row.text("prompt")
    names = try row.texts("instruction_id_list")
    guard let arguments = row.json["kwargs"]?.elements, arguments.count == names.count else {
      throw row.failure("kwargs", "\(names.count) objects", row.json["kwargs"])
    }
    instructions = []
    for (name, arguments) in zip(names, arguments) {
      instructions.append(try Instruction(name, arguments: arguments, row: row))
    }
  }

  /// Which instructions an answer follows.
  ///
  /// - Parameters:
  ///   - answer: The answer.
  ///   - checker: The checks.
  /// - Returns: The verdict.
  func verdict(on answer: String, _ checker: InstructionChecker) -> InstructionVerdict {
    InstructionVerdict(
      prompt: self,
      answer: answer,
      strict: instructions.map { checker.follows(answer, $0) },
      loose: instructions.map { checker.followsLoosely(answer, $0) }
    )
  }
}
