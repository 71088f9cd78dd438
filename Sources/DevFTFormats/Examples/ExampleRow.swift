/// One row of a data file on its way to an example.
struct ExampleRow {
  /// The row, an object.
  let json: JSONValue
  /// File and line, for messages.
  let place: String

  /// Parses a line.
  ///
  /// - Parameters:
  ///   - line: UTF-8 of the line.
  ///   - place: File and line, for messages.
  /// - Throws: `FormatError` when the line is no JSON object.
  init(_ line: ArraySlice<UInt8>, place: String) throws(FormatError) {
    json = try JSONValue.object(Array(line), path: place)
    self.place = place
  }

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
        try text("instruction"),
        input: input ?? context ?? ""
      )
      return Example(instruction: instruction, answer: try text(answer), fields: fields(form))
    case .prompt(let answer):
      let messages = [
        ChatMessage(.user, try text("prompt")), ChatMessage(.assistant, try text(answer)),
      ]
      return Example(messages: messages, fields: fields(form))
    case .conversation(let key):
      return Example(messages: try messages(key), fields: fields(form))
    case .labelled:
      let labelled = LabelledText(
        try text("text"),
        pair: try optionalText("text_pair"),
        label: try label()
      )
      return Example(labelled: labelled, fields: fields(form))
    }
  }

  private func failure(_ key: String, _ expected: String, _ found: JSONValue?) -> FormatError {
    let found = found.map { "found \($0.kind)" } ?? "it is missing"
    return FormatError(.malformed, path: place, "key \"\(key)\": expected \(expected), \(found)")
  }

  private func text(_ key: String) throws(FormatError) -> String {
    guard let text = json[key]?.text else { throw failure(key, "a string", json[key]) }
    return text
  }

  private func optionalText(_ key: String) throws(FormatError) -> String? {
    guard let value = json[key], value != .null else { return nil }
    return try text(key)
  }

  /// A name, or a number as spelt.
  private func label() throws(FormatError) -> String {
    switch json["label"] {
    case .string(let name)? where !name.isEmpty: return name
    case .number(let spelling)?: return spelling
    case .boolean(let flag)?: return flag ? "true" : "false"
    case let other: throw failure("label", "the name or number of a class", other)
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
      throw failure(key, "an array of turns that is not empty", json[key])
    }
    var messages: [ChatMessage] = []
    for (index, turn) in turns.enumerated() {
      messages.append(try message(turn, "\(key)[\(index)]"))
    }
    guard messages.contains(where: { $0.role == .assistant }) else {
      throw FormatError(
        .malformed,
        path: place,
        "key \"\(key)\": expected a turn of the assistant, found none"
      )
    }
    return messages
  }

  private func message(_ turn: JSONValue, _ key: String) throws(FormatError) -> ChatMessage {
    guard turn.members != nil else { throw failure(key, "an object", turn) }
    let roleKey = turn["role"] == nil && turn["from"] != nil ? "from" : "role"
    guard let role = turn[roleKey]?.text.flatMap({ Self.roles[$0] }) else {
      throw failure("\(key).\(roleKey)", "system, user or assistant", turn[roleKey])
    }
    let contentKey = roleKey == "from" ? "value" : "content"
    guard let content = turn[contentKey]?.text else {
      throw failure("\(key).\(contentKey)", "a string", turn[contentKey])
    }
    return ChatMessage(role, content)
  }
}
