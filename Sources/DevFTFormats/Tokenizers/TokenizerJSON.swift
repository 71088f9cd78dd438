/// The tokenizer files of a Hugging Face directory, made from the metadata of a GGUF file.
///
/// - SeeAlso: <https://github.com/huggingface/tokenizers>.
struct TokenizerJSON {
  private let tokenizer: Tokenizer
  private let metadata: TokenizerMetadata
  private let contextLength: Int

  /// Prepares the files.
  ///
  /// - Parameters:
  ///   - tokenizer: The tokenizer that the metadata give.
  ///   - metadata: The metadata.
  ///   - contextLength: Longest sequence, in tokens.
  init(_ tokenizer: Tokenizer, _ metadata: TokenizerMetadata, contextLength: Int) {
    self.tokenizer = tokenizer
    self.metadata = metadata
    self.contextLength = contextLength
  }

  private var isByteLevel: Bool {
    if case .bytes? = tokenizer.bytePairs?.symbols { true } else { false }
  }

  /// The contents of `tokenizer.json`.
  ///
  /// - Returns: A JSON object.
  /// - Throws: `FormatError` when the metadata are no longer those of the tokenizer.
  func contents() throws(FormatError) -> JSONValue {
    [
      "version": "1.0", "truncation": nil, "padding": nil,
      "added_tokens": .array(addedTokens),
      "normalizer": normalizer,
      "pre_tokenizer": preTokenizer,
      "post_processor": postProcessor,
      "decoder": decoder,
      "model": try model(),
    ]
  }

  /// The contents of `tokenizer_config.json`.
  func configuration() -> JSONValue {
    var json: JSONValue = [
      "tokenizer_class": "PreTrainedTokenizerFast",
      "add_bos_token": .boolean(tokenizer.addsBOS),
      "clean_up_tokenization_spaces": false,
      "model_max_length": .optional(contextLength),
    ]
    let unknown = try? metadata.tokenID(
      "tokenizer.ggml.unknown_token_id",
      count: tokenizer.vocabularySize
    )
    for (key, id) in [
      ("bos_token", tokenizer.bosID), ("eos_token", tokenizer.eosID),
      ("pad_token", tokenizer.padID), ("unk_token", unknown),
    ] {
      if let id { json.set(key, .string(spelling(id))) }
    }
    if let template = metadata.text("tokenizer.chat_template") {
      json.set("chat_template", .string(template))
    }
    return json
  }

  private func spelling(_ id: Int) -> String {
    String(decoding: tokenizer.model.vocabulary[id], as: UTF8.self)
  }

  private var addedTokens: [JSONValue] {
    tokenizer.addedTokens.byID.values.sorted { $0.id < $1.id }.map { token in
      [
        "id": .optional(token.id),
        "content": .string(String(decoding: token.content, as: UTF8.self)),
        "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
        "special": .boolean(token.isSpecial),
      ]
    }
  }

  private func model() throws(FormatError) -> JSONValue {
    let vocabulary = tokenizer.model.vocabulary
    let spelt = (0..<vocabulary.count).filter { !vocabulary[$0].isEmpty }
    return [
      "type": "BPE", "dropout": nil,
      "unk_token": .optionalText(isByteLevel ? nil : tokenizer.bytePairs?.unknownID.map(spelling)),
      "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
      "fuse_unk": .boolean(tokenizer.bytePairs?.fusesUnknown ?? false),
      "byte_fallback": .boolean(!isByteLevel),
      "ignore_merges": .boolean(tokenizer.bytePairs?.ignoresMerges ?? false),
      "vocab": .object(spelt.map { JSONValue.Member(spelling($0), .optional($0)) }),
      "merges": .array(try merges().map { .string($0) }),
    ]
  }

  /// Two tokens with a space between, the first to happen first.
  private func merges() throws(FormatError) -> [String] {
    if isByteLevel { return try metadata.texts("tokenizer.ggml.merges") }
    let count = tokenizer.vocabularySize
    let types = try metadata.types(count: count)
    let merges = MergeTable.scoredMerges(
      try metadata.scores(count: count),
      tokenizer.model.vocabulary
    ) { types[$0] == .normal }
    // Ways to make one token go in the order of their halves, as in the published files.
    let ordered = merges.sorted { ($0.2.rank, $0.left, $0.right) < ($1.2.rank, $1.left, $1.right) }
    return ordered.map { "\(spelling(Int($0.left))) \(spelling(Int($0.right)))" }
  }
}

// MARK: Steps

extension TokenizerJSON {
  private var normalizer: JSONValue {
    let steps: [JSONValue] = tokenizer.normalizer.steps.map { step in
      switch step {
      case .composition: ["type": "NFC"]
      case .prefix(let bytes):
        ["type": "Prepend", "prepend": .string(String(decoding: bytes, as: UTF8.self))]
      case .replacement(let pattern, let replacement):
        [
          "type": "Replace",
          "pattern": ["String": .string(String(decoding: pattern, as: UTF8.self))],
          "content": .string(String(decoding: replacement, as: UTF8.self)),
        ]
      case .bert: preconditionFailure("no family of GGUF has such a step")
      }
    }
    return Self.joined(steps, "normalizers")
  }

  /// Steps of the byte-level families; SentencePiece's text is not cut.
  private var preTokenizer: JSONValue {
    guard isByteLevel else { return nil }
    var steps: [JSONValue] = []
    var byteLevel: JSONValue = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false,
    ]
    for step in tokenizer.preTokenizer.steps {
      switch step {
      case .digits(let individually):
        steps.append(["type": "Digits", "individual_digits": .boolean(individually)])
      case .words(.gpt2): byteLevel.set("use_regex", true)
      case .words(let pattern):
        steps.append([
          "type": "Split", "pattern": ["Regex": .string(pattern.expression)],
          "behavior": "Isolated", "invert": false,
        ])
      case .prefixSpace, .metaspace, .bertWords:
        preconditionFailure("no family of GGUF has such a step")
      }
    }
    return Self.joined(steps + [byteLevel], "pretokenizers")
  }

  private var postProcessor: JSONValue {
    guard tokenizer.addsBOS, let bos = tokenizer.bosID.map(spelling) else { return nil }
    func token(_ type: Int) -> JSONValue {
      ["SpecialToken": ["id": .string(bos), "type_id": .optional(type)]]
    }
    func text(_ id: String, _ type: Int) -> JSONValue {
      ["Sequence": ["id": .string(id), "type_id": .optional(type)]]
    }
    return [
      "type": "TemplateProcessing",
      "single": [token(0), text("A", 0)],
      "pair": [token(0), text("A", 0), token(1), text("B", 1)],
      "special_tokens": .object([
        .init(
          bos,
          [
            "id": .string(bos), "ids": [.optional(tokenizer.bosID)], "tokens": [.string(bos)],
          ]
        )
      ]),
    ]
  }

  private var decoder: JSONValue {
    guard !isByteLevel else {
      return [
        "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
      ]
    }
    var steps: [JSONValue] = [
      ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"],
      ["type": "Fuse"],
    ]
    if tokenizer.stripsPrefixSpace {
      steps.append(["type": "Strip", "content": " ", "start": 1, "stop": 0])
    }
    return Self.joined(steps, "decoders")
  }

  private static func joined(_ steps: [JSONValue], _ key: String) -> JSONValue {
    guard steps.count != 1 else { return steps[0] }
    return steps.isEmpty ? nil : .object([.init("type", "Sequence"), .init(key, .array(steps))])
  }
}
