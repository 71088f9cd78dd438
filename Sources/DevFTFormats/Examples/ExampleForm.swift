/// The forms of rows that are read; the first row of a file decides.
enum ExampleForm: Equatable {
  /// An instruction, perhaps with an input, and its answer.
  case instruction(answer: String)
  /// A prompt and its completion.
  case prompt(answer: String)
  /// A conversation.
  case conversation(key: String)
  /// A text, perhaps a second one, and their class.
  case labelled

  /// Recognises the form of a row; `nil` when its keys are of none.
  ///
  /// - Parameter row: An object.
  init?(_ row: JSONValue) {
    let keys = Set((row.members ?? []).map(\.key))
    if let key = ["messages", "conversations"].first(where: keys.contains) {
      self = .conversation(key: key)
    } else if keys.contains("instruction"),
      let answer = ["output", "response"].first(where: keys.contains)
    {
      self = .instruction(answer: answer)
    } else if keys.contains("prompt"),
      let answer = ["completion", "response"].first(where: keys.contains)
    {
      self = .prompt(answer: answer)
    } else if keys.contains("text") {
      self = .labelled
    } else {
      return nil
    }
  }

  /// The keys that hold text, and so are no fields.
  var textKeys: Set<String> {
    switch self {
    case .instruction(let answer): ["instruction", "input", "context", answer]
    case .prompt(let answer): ["prompt", answer]
    case .conversation(let key): [key]
    case .labelled: ["text", "text_pair"]
    }
  }

  /// The forms in words, for messages.
  static let known =
    "instruction/input/output, instruction/context/response, prompt/completion, prompt/response, "
    + "messages, conversations or text/text_pair/label"
}
