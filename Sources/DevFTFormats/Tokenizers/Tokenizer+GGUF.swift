extension Tokenizer {
  /// Reads the tokenizer that a GGUF file carries.
  ///
  /// - Parameters:
  ///   - metadata: The metadata of the file.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`: `missing`, `malformed`, or `unsupported` for other kinds.
  public init(metadata: [String: GGUFValue], path: String? = nil) throws {
    let file = TokenizerMetadata(values: metadata, path: path)
    let spellings = try file.texts("tokenizer.ggml.tokens")
    let types = try file.types(count: spellings.count)
    switch file.text("tokenizer.ggml.model") {
    case "gpt2": try self.init(byteLevel: file, spellings, types)
    case "llama": try self.init(sentencePiece: file, spellings, types)
    case let other:
      throw FormatError(
        .unsupported,
        path: path,
        "tokenizer.ggml.model \"\(other ?? "")\": known are \"gpt2\" and \"llama\""
      )
    }
    bosID = try file.tokenID("tokenizer.ggml.bos_token_id", count: spellings.count)
    eosID = try file.tokenID("tokenizer.ggml.eos_token_id", count: spellings.count)
    padID = try file.tokenID("tokenizer.ggml.padding_token_id", count: spellings.count)
    addsBOS = file.boolean("tokenizer.ggml.add_bos_token") ?? addsBOS
  }

  private init(
    byteLevel file: TokenizerMetadata,
    _ spellings: [String],
    _ types: [TokenizerMetadata.TokenType]
  ) throws(FormatError) {
    let family = try Family(file)
    let added = Self.addedTokens(spellings, types)
    let addedTokens = AddedTokens(added, normalizer: family.normalizer)
    let vocabulary = Vocabulary(spellings)
    let lines = try file.texts("tokenizer.ggml.merges")
    var merges = MergeTableBuilder(vocabulary, capacity: lines.count)
    for (rank, line) in lines.enumerated() where !merges.append(line: line) {
      throw file.malformed(
        "tokenizer.ggml.merges[\(rank)]: expected two tokens whose union is a token"
      )
    }
    self.init(
      model: BytePairModel(
        vocabulary: vocabulary,
        merges: merges.table,
        symbols: .bytes,
        special: addedTokens.specialIDs,
        ignoresMerges: family.ignoresMerges
      ),
      normalizer: family.normalizer,
      preTokenizer: family.preTokenizer,
      addedTokens: addedTokens,
      stripsPrefixSpace: false
    )
    addsBOS = family.addsBOS
  }

  private init(
    sentencePiece file: TokenizerMetadata,
    _ spellings: [String],
    _ types: [TokenizerMetadata.TokenType]
  ) throws(FormatError) {
    let vocabulary = Vocabulary(spellings)
    let scores = try file.scores(count: spellings.count)
    let addsSpace = file.boolean("tokenizer.ggml.add_space_prefix") ?? true
    let replacement = Normalizer.Step.replacement(of: [0x20], by: Metaspace.spelling)
    let normalizer = Normalizer(
      steps: addsSpace ? [.prefix(Metaspace.spelling), replacement] : [replacement]
    )
    let added = Self.addedTokens(spellings, types)
    self.init(
      model: BytePairModel(
        vocabulary: vocabulary,
        merges: MergeTable(scores: scores, vocabulary) { types[$0] == .normal },
        symbols: .characters(fallsBack: true),
        special: Set(types.indices.filter { types[$0] != .normal && types[$0] != .userDefined }),
        unknownID: try file.tokenID("tokenizer.ggml.unknown_token_id", count: spellings.count),
        fusesUnknown: true
      ),
      normalizer: normalizer,
      preTokenizer: PreTokenizer(steps: []),
      addedTokens: AddedTokens(added, normalizer: normalizer),
      stripsPrefixSpace: addsSpace
    )
    addsBOS = true
  }

  private static func addedTokens(
    _ spellings: [String],
    _ types: [TokenizerMetadata.TokenType]
  ) -> [AddedToken] {
    zip(spellings, types).enumerated().compactMap { id, token in
      let (spelling, type) = token
      guard type == .control || type == .userDefined || type == .unknown else { return nil }
      let isSpecial = type != .userDefined
      return AddedToken(id: id, content: Array(spelling.utf8), isSpecial: isSpecial)
    }
  }
}

// MARK: Families

extension Tokenizer {
  /// What `tokenizer.ggml.pre` stands for.
  private struct Family {
    var preTokenizer: PreTokenizer
    var normalizer = Normalizer(steps: [])
    var ignoresMerges = false
    var addsBOS = false

    init(_ file: TokenizerMetadata) throws(FormatError) {
      let name = file.text("tokenizer.ggml.pre") ?? ""
      switch name {
      case "gpt-2", "phi-2":
        preTokenizer = PreTokenizer(steps: [.words(.gpt2)])
      case "smollm", "starcoder", "refact", "command-r":
        preTokenizer = PreTokenizer(steps: [.digits(individually: true), .words(.gpt2)])
      case "llama-bpe", "llama3", "llama-v3":
        preTokenizer = PreTokenizer(steps: [.words(.tiktoken(numberLength: 3))])
        ignoresMerges = true
        addsBOS = true
      case "qwen2":
        preTokenizer = PreTokenizer(steps: [.words(.tiktoken(numberLength: 1))])
        normalizer = Normalizer(steps: [.composition])
      default:
        throw FormatError(
          .unsupported,
          path: file.path,
          "tokenizer.ggml.pre \"\(name)\": known are gpt-2, smollm, llama-bpe and qwen2"
        )
      }
    }
  }
}
