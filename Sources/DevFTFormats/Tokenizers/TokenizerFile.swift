/// A parsed `tokenizer.json`, from which the parts of a tokenizer are made.
///
/// - SeeAlso: <https://github.com/huggingface/tokenizers>.
struct TokenizerFile {
  /// Identifiers at or above this are refused, lest a hostile file take all memory.
  private static let greatestVocabularySize = 1 << 22

  /// The contents.
  let json: JSONValue
  /// The file, for messages.
  let path: String?

  func malformed(_ message: String) -> FormatError { FormatError(.malformed, path: path, message) }

  func unsupported(_ message: String) -> FormatError {
    FormatError(.unsupported, path: path, message)
  }

  /// Whether the post-processor puts a special token before a text.
  var addsLeadingSpecialToken: Bool {
    let processors = [json["post_processor"]].compactMap { $0 }.flatMap { processor in
      [processor] + (processor["processors"]?.elements ?? [])
    }
    return processors.contains {
      $0["type"]?.text == "TemplateProcessing"
        && $0["single"]?.elements?.first?["SpecialToken"] != nil
    }
  }

  /// Reads `added_tokens`.
  ///
  /// - Returns: The tokens.
  /// - Throws: `FormatError` with code `malformed`.
  func addedTokens() throws(FormatError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for token in json["added_tokens"]?.elements ?? [] {
      guard let content = token["content"]?.text, let id = token["id"]?.integer,
        id >= 0, id < Self.greatestVocabularySize
      else { throw malformed("added_tokens: expected \"content\" and an \"id\" below 2²²") }
      let isSpecial = token["special"]?.boolean ?? false
      tokens.append(
        AddedToken(
          id: id,
          content: Array(content.utf8),
          isSpecial: isSpecial,
          stripsLeft: token["lstrip"]?.boolean ?? false,
          stripsRight: token["rstrip"]?.boolean ?? false,
          isNormalized: token["normalized"]?.boolean ?? !isSpecial,
          isSingleWord: token["single_word"]?.boolean ?? false
        )
      )
    }
    return tokens
  }
}

// MARK: Model

extension TokenizerFile {
  /// Reads `model`.
  ///
  /// - Parameters:
  ///   - isByteLevel: Whether the vocabulary spells bytes.
  ///   - added: The added tokens, which may have identifiers beyond the model's.
  ///   - special: Tokens that no text becomes.
  /// - Returns: The model.
  /// - Throws: `FormatError` with code `malformed` or `unsupported`.
  func model(
    isByteLevel: Bool,
    added: [AddedToken],
    special: Set<Int>
  ) throws(FormatError) -> any WordModel {
    guard let model = json["model"], model.members != nil else {
      throw malformed("expected an object \"model\"")
    }
    if model["type"]?.text == "WordPiece" { return try wordPiece(model, added, special) }
    try refuseOtherModels(model)
    let vocabulary = Vocabulary(try spellings(model, added))
    let unknown = model["unk_token"]?.text
    return BytePairModel(
      vocabulary: vocabulary,
      merges: try merges(model, vocabulary),
      symbols: isByteLevel
        ? .bytes : .characters(fallsBack: model["byte_fallback"]?.boolean ?? false),
      special: special,
      ignoresMerges: model["ignore_merges"]?.boolean ?? false,
      unknownID: unknown.flatMap { vocabulary.id(of: Array($0.utf8)[...]) },
      fusesUnknown: model["fuse_unk"]?.boolean ?? false
    )
  }

  private func wordPiece(
    _ model: JSONValue,
    _ added: [AddedToken],
    _ special: Set<Int>
  ) throws(FormatError) -> WordPieceModel {
    let vocabulary = Vocabulary(try spellings(model, added))
    let unknown = model["unk_token"]?.text ?? "[UNK]"
    guard let unknownID = vocabulary.id(of: Array(unknown.utf8)[...]) else {
      throw malformed("model.unk_token: expected a token of model.vocab")
    }
    return WordPieceModel(
      vocabulary: vocabulary,
      unknownID: unknownID,
      continuation: Array((model["continuing_subword_prefix"]?.text ?? "##").utf8),
      maximumLength: model["max_input_chars_per_word"]?.integer ?? 100,
      special: special
    )
  }

  private func refuseOtherModels(_ model: JSONValue) throws(FormatError) {
    let type = model["type"]?.text ?? "BPE"
    guard type == "BPE" else { throw unsupported("model \"\(type)\": known are BPE and WordPiece") }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      guard (model[key]?.text ?? "").isEmpty else { throw unsupported("model with \"\(key)\"") }
    }
    if case .number(let dropout)? = model["dropout"], Double(dropout) != 0 {
      throw unsupported("model with \"dropout\": its tokens are drawn, not fixed")
    }
  }

  private func spellings(_ model: JSONValue, _ added: [AddedToken]) throws(FormatError) -> [String]
  {
    guard let members = model["vocab"]?.members, !members.isEmpty else {
      throw malformed("expected an object \"model.vocab\" that is not empty")
    }
    var spellings: [String] = []
    func set(_ id: Int, _ spelling: String) throws(FormatError) {
      while spellings.count <= id { spellings.append("") }
      guard spellings[id].isEmpty || spellings[id].utf8.elementsEqual(spelling.utf8) else {
        throw malformed("two tokens have the identifier \(id)")
      }
      spellings[id] = spelling
    }
    spellings.reserveCapacity(members.count + added.count)
    for member in members {
      guard let id = member.value.integer, id >= 0, id < Self.greatestVocabularySize else {
        throw malformed("model.vocab: expected identifiers from 0 to below 2²²")
      }
      try set(id, member.key)
    }
    for token in added { try set(token.id, String(decoding: token.content, as: UTF8.self)) }
    return spellings
  }

  private func merges(
    _ model: JSONValue,
    _ vocabulary: Vocabulary
  ) throws(FormatError) -> MergeTable {
    guard let elements = model["merges"]?.elements else {
      throw malformed("expected an array \"model.merges\"")
    }
    var builder = MergeTableBuilder(vocabulary, capacity: elements.count)
    for (rank, element) in elements.enumerated() {
      let isAdded: Bool
      if let pair = element.elements, pair.count == 2, let left = pair[0].text,
        let right = pair[1].text
      {
        isAdded = builder.append(Array(left.utf8)[...], Array(right.utf8)[...])
      } else if let line = element.text {
        isAdded = builder.append(line: line)
      } else {
        isAdded = false
      }
      guard isAdded else {
        throw malformed("model.merges[\(rank)]: expected two tokens whose union is a token")
      }
    }
    return builder.table
  }
}
