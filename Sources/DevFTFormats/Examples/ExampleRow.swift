/// One row of a data file on its way to an example.
struct ExampleRow {
  /// The row, an object.
  let row: JSONRow

  private var json: JSONValue { row.json }

  /// Reads the row as an example.
  ///
  /// - Parameter form: The form of the file's rows.
  /// - Returns: The example.
  /// - Throws: `FormatError` that names the key and what was expected; never the text.
  func example(_ form: ExampleForm) throws(FormatError) -> Example {
    switch form {
    case .instruction(let answer):
      let (input, context) = (try optionalText("input"), try optionalText("context"))
      let instruction = Example.Instruction(
        try row.text("instruction"),
        input: input ?? context ?? ""
      )
      return Example(instruction: instruction, answer: try row.text(answer), fields: fields(form))
    case .prompt(let answer):
      let messages = [
        ChatMessage(.user, try row.text("prompt")), ChatMessage(.assistant, try row.text(answer)),
      ]
      return Example(messages: messages, fields: fields(form))
    case .conversation(let key):
      return Example(messages: try messages(key), fields: fields(form))
    case .labelled:
      let labelled = LabelledText(
        try row.text("text"),
        pair: try optionalText("text_pair"),
        label: try label()
      )
      return Example(labelled: labelled, fields: fields(form))
    }
  }

  private func optionalText(_ key: String) throws(FormatError) -> String? {
    guard let value = json[key], value != .null else { return nil }
    return try row.text(key)
  }

  /// A name, or a number as spelt.
  private func label() throws(FormatError) -> String {
    switch json["label"] {
    case .string(let name)? where !name.isEmpty: return name
    case .number(let spelling)?: return spelling
    case .boolean(let flag)?: return flag ? "true" : "false"
    case let other: throw row.failure("label", "the name or number of a class", other)
    }
  }

  private func fields(_ form: ExampleForm) -> [String: String] {
    var fields: [String: String] = [:]
    let textKeys = form.textKeys
    for member in json.members ?? [] where !textKeys.contains(member.key) {
      switch member.value {
      case .string(let text): fields[member.key] = text
      case .number(let spelling): fields[member.key] = spelling
      case .boolean(let flag): fields[member.key] = flag ? "true" : "false"
      case .null, .array, .object: break
      }
    }
    return fields
  }

  // MARK: Conversations

  private static let roles: [String: ChatMessage.Role] = [
    "system": .system, "user": .user, "human": .user, "assistant": .assistant, "gpt": .assistant,
  ]

  private func messages(_ key: String) throws(FormatError) -> [ChatMessage] {
    guard let turns = json[key]?.elements, !turns.isEmpty else {
      throw row.failure(key, "an array of turns that is not empty", json[key])
    }
    var messages: [ChatMessage] = []
    for (index, turn) in turns.enumerated() {
      messages.append(try message(turn, "\(key)[\(index)]"))
    }
    guard messages.contains(where: { $0.role == .assistant }) else {
      throw FormatError(
        .malformed,
        path: row.place,
        "key \"\(key)\": expected a turn of the assistant, found none"
      )
    }
    return messages
  }

  private func message(_ turn: JSONValue, _ key: String) throws(FormatError) -> ChatMessage {
    guard turn.members != nil else { throw row.failure(key, "an object", turn) }
    let roleKey = turn["role"] == nil && turn["from"] != nil ? "from" : "role"
    guard let role = turn[roleKey]?.text.flatMap({ Self.roles[$0] }) else {
      throw row.failure("\(key).\(roleKey)", "system, user or assistant", turn[roleKey])
    }
    let contentKey = roleKey == "from" ? "value" : "content"
    guard let content = turn[contentKey]?.text else {
      throw row.failure("\(key).\(contentKey)", "a string", turn[contentKey])
    }
    return ChatMessage(role, content)
  }
}
