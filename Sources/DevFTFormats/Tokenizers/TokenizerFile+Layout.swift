extension TokenizerFile {
  /// Reads `post_processor` as far as it places special tokens.
  ///
  /// - Parameter tokenID: Finds a token by its spelling.
  /// - Returns: The layout, or `nil` when no step places any.
  /// - Throws: `FormatError` with code `malformed`.
  func classifierLayout(
    _ tokenID: (String) -> Int?
  ) throws(FormatError) -> ClassifierLayout? {
    let processor = json["post_processor"]
    for step in [processor].compactMap(\.self) + (processor?["processors"]?.elements ?? []) {
      switch step["type"]?.text {
      case "TemplateProcessing":
        return ClassifierLayout(
          single: try parts(step["single"], of: step, tokenID),
          pair: try parts(step["pair"], of: step, tokenID)
        )
      case "BertProcessing": return try fixed(step, separators: 1, secondType: 1)
      case "RobertaProcessing": return try fixed(step, separators: 2, secondType: 0)
      default: continue
      }
    }
    return nil
  }

  /// `cls A sep`, and `cls A sep B sep` with one or two separators between.
  private func fixed(
    _ step: JSONValue,
    separators: Int,
    secondType: Int
  ) throws(FormatError) -> ClassifierLayout {
    func id(_ key: String) throws(FormatError) -> Int {
      guard let id = step[key]?.elements?.last?.integer, id >= 0 else {
        throw malformed("post_processor.\(key): expected a token and its identifier")
      }
      return id
    }
    let (start, end) = (try id("cls"), try id("sep"))
    let between = (1..<separators).map { _ in
      ClassifierLayout.Part.token(end, type: secondType)
    }
    let single: [ClassifierLayout.Part] = [
      .token(start, type: 0), .text(0, type: 0), .token(end, type: 0),
    ]
    let second: [ClassifierLayout.Part] = [
      .text(1, type: secondType), .token(end, type: secondType),
    ]
    return ClassifierLayout(single: single, pair: single + between + second)
  }

  private func parts(
    _ value: JSONValue?,
    of step: JSONValue,
    _ tokenID: (String) -> Int?
  ) throws(FormatError) -> [ClassifierLayout.Part] {
    try (value?.elements ?? []).map { part throws(FormatError) in
      if let text = part["Sequence"], let type = text["type_id"]?.integer {
        return .text(text["id"]?.text == "B" ? 1 : 0, type: type)
      }
      let token = part["SpecialToken"]
      let spelling = token?["id"]?.text
      let id =
        spelling.flatMap { step["special_tokens"]?[$0]?["ids"]?.elements?.first?.integer }
        ?? spelling.flatMap(tokenID)
      guard let id, let type = token?["type_id"]?.integer else {
        throw malformed("post_processor: expected texts and special tokens of the vocabulary")
      }
      return .token(id, type: type)
    }
  }
}
