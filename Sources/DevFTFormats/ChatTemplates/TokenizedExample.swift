/// The tokens of an example, and which of them are to be learnt.
///
/// Each span is tokenized for itself, so targets follow from the spans and never from a search among
/// tokens. Spans delimited by special tokens give the tokens of the whole text; where an answer
/// begins inside plain text, prompt and answer are tokenized apart, as when the model answers.
public struct TokenizedExample: Hashable, Sendable {
  /// Token identifiers, `[T]`.
  public var tokens: [Int32]
  /// Whether each token is a target, that is to be predicted from those before it, `[T]`.
  public var isTarget: [Bool]

  /// Number of tokens.
  public var count: Int { tokens.count }
  /// Number of tokens that are targets.
  public var targetCount: Int { isTarget.count { $0 } }

  /// Tokenizes an example.
  ///
  /// - Parameters:
  ///   - example: The example.
  ///   - template: How it is written down.
  ///   - tokenizer: The model's tokenizer.
  /// - Throws: `FormatError` when the template cannot hold the turns, or the tokenizer lacks a special
  ///   token of the template.
  public init(_ example: Example, template: ChatTemplate, tokenizer: Tokenizer) throws {
    try self.init(try template.render(example), tokenizer: tokenizer)
  }

  /// Tokenizes spans.
  ///
  /// - Parameters:
  ///   - spans: What a template rendered.
  ///   - tokenizer: The model's tokenizer.
  /// - Throws: `FormatError` with code `missing` when the tokenizer lacks a special token.
  public init(_ spans: [TemplateSpan], tokenizer: Tokenizer) throws(FormatError) {
    tokens = []
    isTarget = []
    var position = TextPosition.start
    for span in spans {
      let ids: [Int]
      switch span.piece {
      case .text(let text):
        ids = tokenizer.encode(text, at: position)
        position = .continuing
      case .ownBegin:
        ids = tokenizer.addsBOS ? [try tokenizer.id(of: .begin)] : []
      case .special, .begin, .end:
        ids = [try tokenizer.id(of: span.piece)]
        position = .afterSpecialToken
      }
      tokens += ids.map(Int32.init)
      isTarget += Array(repeating: span.isTarget, count: ids.count)
    }
  }
}

extension Tokenizer {
  /// The token of a piece that is one, such as `ChatTemplate.answerEnd`.
  ///
  /// - Parameter piece: Any piece but text.
  /// - Returns: The identifier.
  /// - Throws: `FormatError` with code `missing` when the vocabulary has no such token.
  public func id(of piece: TemplateSpan.Piece) throws(FormatError) -> Int {
    switch piece {
    case .special(let spelling): try known(tokenID(of: spelling), spelling)
    case .begin, .ownBegin: try known(bosID, "that begins a text")
    case .end: try known(eosID, "that ends an answer")
    case .text: preconditionFailure("text is no single token")
    }
  }

  private func known(_ id: Int?, _ name: String) throws(FormatError) -> Int {
    guard let id else {
      throw FormatError(
        .missing,
        "the template needs the special token \(name), which the tokenizer does not have"
      )
    }
    return id
  }
}

extension TokenizedExample {
  /// Checks that tokens have an embedding.
  ///
  /// - Parameters:
  ///   - tokens: Token identifiers.
  ///   - count: Embeddings of the model.
  /// - Throws: `FormatError` with code `malformed` when a tokenizer knows more tokens than its model.
  public static func check(_ tokens: [Int32], below count: Int) throws(FormatError) {
    if let token = tokens.first(where: { $0 < 0 || Int($0) >= count }) {
      throw FormatError(
        .malformed,
        "the tokenizer gives token \(token), the model has \(count) embeddings"
      )
    }
  }
}
