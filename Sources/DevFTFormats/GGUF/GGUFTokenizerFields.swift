/// The `tokenizer.*` metadata of a GGUF file, made from a Hugging Face directory.
struct GGUFTokenizerFields {
  private let tokenizer: Tokenizer
  private let configuration: TokenizerConfiguration
  private let json: JSONValue
  private let vocabularySize: Int
  private let path: String

  /// Reads the tokenizer.
  ///
  /// - Parameters:
  ///   - directory: A Hugging Face directory.
  ///   - vocabularySize: Rows of the embedding.
  /// - Throws: `FormatError`.
  init(directory: String, vocabularySize: Int) throws {
    path = "\(directory)/tokenizer.json"
    tokenizer = try Tokenizer(directory: directory)
    configuration = try TokenizerConfiguration(directory: directory)
    json = try JSONValue.object(contentsOf: path)
    self.vocabularySize = vocabularySize
    guard tokenizer.vocabularySize <= vocabularySize else {
      throw FormatError(
        .unsupported,
        path: path,
        "\(tokenizer.vocabularySize) tokens, the model's embedding has \(vocabularySize) rows"
      )
    }
  }

  /// The pairs.
  ///
  /// - Returns: The pairs in the order in which they are written.
  /// - Throws: `FormatError` with code `unsupported` for a tokenizer that llama.cpp has no name for.
  func fields() throws -> [GGUFField] {
    let ids = [
      ("bos", tokenizer.bosID), ("eos", tokenizer.eosID), ("padding", tokenizer.padID),
      ("unknown", tokenizer.bytePairs?.unknownID),
    ].compactMap { name, id in id.map { GGUFField.count("tokenizer.ggml.\(name)_token_id", $0) } }
    let template = configuration.chatTemplate.map { GGUFField.text("tokenizer.chat_template", $0) }
    return try kind()
      + [
        .texts("tokenizer.ggml.tokens", spellings),
        .integers("tokenizer.ggml.token_type", types.map { Int32($0.rawValue) }),
      ]
      + (isByteLevel
        ? [.texts("tokenizer.ggml.merges", merges.map { $0[0] + [0x20] + $0[1] })] : [])
      + ids + [.flag("tokenizer.ggml.add_bos_token", tokenizer.addsBOS)]
      + [template].compactMap(\.self)
  }

  private var isByteLevel: Bool {
    if case .bytes? = tokenizer.bytePairs?.symbols { true } else { false }
  }

  /// Model and pre-tokenizer, by the names of llama.cpp.
  private func kind() throws(FormatError) -> [GGUFField] {
    guard tokenizer.bytePairs != nil else {
      throw FormatError(
        .unsupported,
        path: path,
        "expected a tokenizer that merges pairs, got another"
      )
    }
    guard isByteLevel else {
      return [
        .text("tokenizer.ggml.model", "llama"), .text("tokenizer.ggml.pre", "default"),
        .reals("tokenizer.ggml.scores", scores),
        .flag("tokenizer.ggml.add_space_prefix", tokenizer.stripsPrefixSpace),
      ]
    }
    return [
      .text("tokenizer.ggml.model", "gpt2"), .text("tokenizer.ggml.pre", try preTokenizerName()),
    ]
  }

  private func preTokenizerName() throws(FormatError) -> String {
    let steps = tokenizer.preTokenizer.steps
    let ignoresMerges = tokenizer.bytePairs?.ignoresMerges ?? false
    switch (steps.first, steps.dropFirst().first, steps.count, tokenizer.normalizer.steps.count) {
    case (.words(.gpt2)?, nil, 1, 0) where !ignoresMerges: return "gpt-2"
    case (.digits(true)?, .words(.gpt2)?, 2, 0) where !ignoresMerges: return "smollm"
    case (.words(.tiktoken(3))?, nil, 1, 0) where ignoresMerges: return "llama-bpe"
    case (.words(.tiktoken(1))?, nil, 1, 1) where !ignoresMerges: return "qwen2"
    default:
      throw FormatError(
        .unsupported,
        path: path,
        "llama.cpp has no name for this pre-tokenizer; known are those of GPT-2, SmolLM, Llama 3 "
          + "and Qwen2"
      )
    }
  }

  // MARK: Tokens

  /// Spelling of every row of the embedding; rows without a token get a name that no text has.
  private var spellings: [[UInt8]] {
    (0..<vocabularySize).map { id in
      let spelling =
        id < tokenizer.vocabularySize ? Array(tokenizer.model.vocabulary[id]) : []
      return spelling.isEmpty ? Array("[PAD\(id)]".utf8) : spelling
    }
  }

  private var types: [TokenizerMetadata.TokenType] {
    (0..<vocabularySize).map { id in
      guard id < tokenizer.vocabularySize, !tokenizer.model.vocabulary[id].isEmpty else {
        return .unused
      }
      if id == tokenizer.bytePairs?.unknownID { return .unknown }
      if let token = tokenizer.addedTokens.byID[id] {
        return token.isSpecial ? .control : .userDefined
      }
      return !isByteLevel && tokenizer.model.byte(of: id) != nil ? .byte : .normal
    }
  }

  /// Both halves of each merge, the first to happen first.
  private var merges: [[[UInt8]]] {
    (json["model"]?["merges"]?.elements ?? []).map { merge in
      if let pair = merge.elements { return pair.map { Array(($0.text ?? "").utf8) } }
      let line = Array((merge.text ?? "").utf8)
      let space = line.dropFirst().firstIndex(of: 0x20) ?? line.startIndex
      return [Array(line[..<space]), Array(line[(space + 1)...])]
    }
  }

  /// Scores by which SentencePiece makes the same merges in the same order: the earlier a token is
  /// made, the higher; what no merge makes comes last, since its score is never asked for.
  private var scores: [Float] {
    let merges = merges
    var scores = [Float](repeating: -Float(merges.count) - 1, count: vocabularySize)
    for (rank, merge) in merges.enumerated().reversed() {
      guard let id = tokenizer.model.vocabulary.id(of: Array(merge.joined())[...]) else { continue }
      scores[id] = -Float(rank)
    }
    return scores
  }
}
