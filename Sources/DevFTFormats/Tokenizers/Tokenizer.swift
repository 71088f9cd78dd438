/// Text to token identifiers and back, exactly as the model's own tokenizer does it.
///
/// Three kinds are read, from `tokenizer.json` or from GGUF metadata: byte-level byte-pair encoding
/// (GPT-2, SmolLM, Llama 3, Qwen2, RoBERTa), SentencePiece's byte-pair encoding (Llama 2), and WordPiece
/// (BERT), from `tokenizer.json` alone.
///
/// **Text never becomes a special token unless asked.** A user who writes `<|im_end|>` gets the
/// tokens of those ten characters, so no text can end its own turn or open another; chat templates
/// place special tokens by identifier. Added tokens that are *not* special spell text, and are
/// matched always.
///
/// ```swift
/// let tokenizer = try Tokenizer(directory: "models/qwen2")
/// let ids = tokenizer.encode("Hello, world")
/// let text = tokenizer.decode(ids)
/// ```
/// Values are immutable but for a cache of words behind a lock, and may be shared between threads.
public struct Tokenizer: Sendable {
  /// The beginning-of-text token, or `nil` when the model has none.
  public internal(set) var bosID: Int?
  /// The token that ends an answer, or `nil` when the model has none.
  public internal(set) var eosID: Int?
  /// The padding token, or `nil` when the model has none.
  public internal(set) var padID: Int?
  /// Whether the model expects `bosID` before text that no chat template wraps.
  public internal(set) var addsBOS = false

  /// Special tokens around one text or two, as classifiers want them; `nil` when the file does not say.
  public internal(set) var classifierLayout: ClassifierLayout?

  let model: any WordModel
  /// The model where it merges pairs; `nil` for another kind.
  var bytePairs: BytePairModel? { model as? BytePairModel }
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let addedTokens: AddedTokens
  /// Whether encoding put a space before the text, which decoding takes away again.
  let stripsPrefixSpace: Bool
  let cache = WordCache()

  init(
    model: any WordModel,
    normalizer: Normalizer,
    preTokenizer: PreTokenizer,
    addedTokens: AddedTokens,
    stripsPrefixSpace: Bool
  ) {
    self.model = model
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.addedTokens = addedTokens
    self.stripsPrefixSpace = stripsPrefixSpace
  }

  /// Number of token identifiers, added tokens included.
  public var vocabularySize: Int { model.vocabulary.count }

  /// Finds a token by its exact spelling in the vocabulary.
  ///
  /// - Parameter spelling: Such as `<|im_end|>`; a space is spelt `Ġ` or `▁` as the file does.
  /// - Returns: The identifier, or `nil` when no token is spelt so.
  public func tokenID(of spelling: String) -> Int? {
    model.vocabulary.id(of: Array(spelling.utf8)[...])
  }

  /// Tells tokens that steer the model from those that spell text.
  ///
  /// - Parameter id: Any identifier.
  /// - Returns: Whether the token is special.
  public func isSpecial(_ id: Int) -> Bool { addedTokens.byID[id]?.isSpecial ?? false }
}

// MARK: Encoding

extension Tokenizer {
  /// Encodes text; nothing is added to it.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - parsingSpecialTokens: Whether special tokens spelt in the text become those tokens. Leave
  ///     it `false` for text that others wrote.
  ///   - position: Where the text stands; matters to models that put a space before text.
  /// - Returns: Identifiers below `vocabularySize`.
  public func encode(
    _ text: String,
    parsingSpecialTokens: Bool = false,
    at position: TextPosition = .start
  ) -> [Int] {
    var ids: [Int] = []
    let bytes = Array(text.utf8)
    forEachSegment(of: bytes, false, parsingSpecialTokens, position, &ids) { range, position, ids in
      let normalized = normalizer.apply(Array(bytes[range]), at: position)
      forEachSegment(of: normalized, true, parsingSpecialTokens, position, &ids) {
        encodeWords(in: Array(normalized[$0]), at: $1, into: &$2)
      }
    }
    return ids
  }

  private func forEachSegment(
    of bytes: [UInt8],
    _ afterNormalization: Bool,
    _ parsingSpecialTokens: Bool,
    _ position: TextPosition,
    _ ids: inout [Int],
    _ body: (Range<Int>, TextPosition, inout [Int]) -> Void
  ) {
    let segments = addedTokens.segments(
      of: bytes,
      afterNormalization: afterNormalization,
      parsingSpecialTokens: parsingSpecialTokens
    )
    for segment in segments {
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let range):
        body(range, range.lowerBound == 0 ? position : .afterSpecialToken, &ids)
      }
    }
  }

  private func encodeWords(in bytes: [UInt8], at position: TextPosition, into ids: inout [Int]) {
    preTokenizer.forEachWord(in: bytes, at: position) { word in
      cache.append(word, to: &ids) { model.encode(word, into: &$0) }
    }
  }
}

// MARK: Decoding

extension Tokenizer {
  /// Decodes tokens; bytes that are no UTF-8 become U+FFFD.
  ///
  /// - Parameters:
  ///   - ids: Any identifiers; those without a token decode to nothing.
  ///   - skippingSpecialTokens: Whether special tokens decode to nothing.
  /// - Returns: The text.
  public func decode(_ ids: [Int], skippingSpecialTokens: Bool = false) -> String {
    var decoder = StreamingDecoder(self, skippingSpecialTokens: skippingSpecialTokens)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }

  /// The bytes that a token stands for; they need not be whole characters.
  ///
  /// - Parameter id: Any identifier.
  /// - Returns: The bytes, none when no token has the identifier.
  public func bytes(of id: Int) -> [UInt8] {
    guard id >= 0, id < vocabularySize else { return [] }
    if let byte = model.byte(of: id) { return [byte] }
    if let added = addedTokens.byID[id] { return added.content }
    return model.text(of: id)
  }
}
