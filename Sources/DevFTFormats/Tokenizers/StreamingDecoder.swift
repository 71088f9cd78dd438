/// A decoder that takes tokens one by one and gives text out as soon as its characters are whole.
///
/// Law: the texts of `append` and the one of `finish`, joined, are `Tokenizer.decode` of all tokens.
public struct StreamingDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skippingSpecialTokens: Bool
  private var pending: [UInt8] = []
  private var isAtStart = true

  /// Starts a text.
  ///
  /// - Parameters:
  ///   - tokenizer: Whose tokens come.
  ///   - skippingSpecialTokens: Whether special tokens decode to nothing.
  public init(_ tokenizer: Tokenizer, skippingSpecialTokens: Bool = false) {
    self.tokenizer = tokenizer
    self.skippingSpecialTokens = skippingSpecialTokens
  }

  /// Takes a token.
  ///
  /// - Parameter id: Any identifier.
  /// - Returns: The text that is certain now, empty while a character is incomplete.
  public mutating func append(_ id: Int) -> String {
    let isSpecial = tokenizer.isSpecial(id)
    if isSpecial && skippingSpecialTokens { return "" }
    var bytes = tokenizer.bytes(of: id)[...]
    if isAtStart, !bytes.isEmpty {
      isAtStart = false
      if tokenizer.stripsPrefixSpace, !isSpecial, bytes.first == 0x20 { bytes.removeFirst() }
    }
    pending += bytes
    let whole = wholeByteCount
    defer { pending.removeFirst(whole) }
    return String(decoding: pending[..<whole], as: UTF8.self)
  }

  /// Ends the text.
  ///
  /// - Returns: What was left of an incomplete character, as U+FFFD, or nothing.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }

  /// Number of pending bytes before a last scalar whose bytes have not all come.
  private var wholeByteCount: Int {
    for back in 1...3 where back <= pending.count {
      let byte = pending[pending.count - back]
      if byte & 0xc0 == 0x80 { continue }
      let isIncomplete = byte >= 0xc0 && UTF8Scanning.length(ofLeading: byte) > back
      return isIncomplete ? pending.count - back : pending.count
    }
    return pending.count
  }
}
