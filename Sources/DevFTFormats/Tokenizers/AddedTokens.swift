/// A token that stands beside the model's own: matched in text as a whole, before any merge.
struct AddedToken: Sendable {
  /// Its identifier.
  var id: Int
  /// UTF-8 of its spelling.
  var content: [UInt8]
  /// Whether it steers the model (`<|im_end|>`) rather than spells text.
  var isSpecial: Bool
  /// Whether a match takes the white space before it.
  var stripsLeft = false
  /// Whether a match takes the white space after it.
  var stripsRight = false
  /// Whether it is matched in normalised text rather than in text as it came.
  var isNormalized = false
  /// Whether it matches only between characters that are no word characters.
  var isSingleWord = false
}

/// A cutter of text at the added tokens in it.
struct AddedTokens: Sendable {
  /// A part of a text.
  enum Segment: Equatable {
    /// Offsets of text between tokens; not empty.
    case text(Range<Int>)
    /// A token.
    case token(Int)
  }

  /// Every added token by its identifier.
  let byID: [Int: AddedToken]
  /// Those matched before normalisation, by first byte, longest first.
  private let raw: [UInt8: [AddedToken]]
  /// Those matched after normalisation, their contents normalised.
  private let normalized: [UInt8: [AddedToken]]

  /// Indexes tokens.
  ///
  /// - Parameters:
  ///   - tokens: The added tokens; ones without content match nothing.
  ///   - normalizer: What is applied to text, and so to the tokens matched in its result.
  init(_ tokens: [AddedToken], normalizer: Normalizer) {
    byID = Dictionary(tokens.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    raw = Self.indexed(tokens.filter { !$0.isNormalized })
    normalized = Self.indexed(
      tokens.filter(\.isNormalized).map { token in
        var token = token
        token.content = normalizer.apply(token.content, at: .start)
        return token
      }
    )
  }

  private static func indexed(_ tokens: [AddedToken]) -> [UInt8: [AddedToken]] {
    var index: [UInt8: [AddedToken]] = [:]
    for token in tokens {
      if let first = token.content.first { index[first, default: []].append(token) }
    }
    return index.mapValues { $0.sorted { $0.content.count > $1.content.count } }
  }

  /// Identifiers of the special ones.
  var specialIDs: Set<Int> { Set(byID.values.filter(\.isSpecial).map(\.id)) }

  /// Cuts text at the tokens in it: at each place the longest one that stands there.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - afterNormalization: Which of the two kinds of tokens to match.
  ///   - parsingSpecialTokens: Whether special tokens are matched; if not they stay text.
  /// - Returns: The parts in their order.
  func segments(
    of bytes: [UInt8],
    afterNormalization: Bool,
    parsingSpecialTokens: Bool
  ) -> [Segment] {
    let index = afterNormalization ? normalized : raw
    guard !index.isEmpty else { return bytes.isEmpty ? [] : [.text(0..<bytes.count)] }
    var segments: [Segment] = []
    var textStart = 0
    var offset = 0
    while offset < bytes.count {
      guard let token = longestMatch(in: bytes, at: offset, index) else {
        offset += 1
        continue
      }
      let end = offset + token.content.count
      defer { offset = max(end, textStart) }
      if token.isSpecial && !parsingSpecialTokens { continue }
      if token.isSingleWord && !isSingleWord(bytes, offset, end) { continue }
      let start = token.stripsLeft ? max(spaceStart(bytes, before: offset), textStart) : offset
      if textStart < start { segments.append(.text(textStart..<start)) }
      segments.append(.token(token.id))
      textStart = token.stripsRight ? spaceEnd(bytes, after: end) : end
    }
    if textStart < bytes.count { segments.append(.text(textStart..<bytes.count)) }
    return segments
  }

  private func longestMatch(
    in bytes: [UInt8],
    at offset: Int,
    _ index: [UInt8: [AddedToken]]
  ) -> AddedToken? {
    index[bytes[offset]]?.first { bytes[offset...].starts(with: $0.content) }
  }

  private func spaceStart(_ bytes: [UInt8], before offset: Int) -> Int {
    var end = offset
    while end > 0 {
      let start = scalarStart(bytes, before: end)
      guard ScannedText.characterClass(of: bytes, start, end).isWhitespace else { return end }
      end = start
    }
    return 0
  }

  private func spaceEnd(_ bytes: [UInt8], after offset: Int) -> Int {
    var start = offset
    while start < bytes.count {
      let end = start + UTF8Scanning.length(ofLeading: bytes[start])
      guard ScannedText.characterClass(of: bytes, start, end).isWhitespace else { return start }
      start = end
    }
    return start
  }

  private func isSingleWord(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    let before = start == 0 ? [] : bytes[scalarStart(bytes, before: start)..<start]
    let after = end == bytes.count ? [] : bytes[end...].prefix(4)
    return !isWordCharacter(before) && !isWordCharacter(after)
  }

  private func isWordCharacter(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let scalar = String(decoding: bytes, as: UTF8.self).unicodeScalars.first else {
      return false
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .decimalNumber, .letterNumber, .nonspacingMark, .spacingMark,
      .enclosingMark:
      return true
    default: return scalar.properties.isAlphabetic || scalar.properties.isJoinControl
    }
  }

  private func scalarStart(_ bytes: [UInt8], before end: Int) -> Int {
    var start = end - 1
    while start > 0, bytes[start] & 0xc0 == 0x80 { start -= 1 }
    return start
  }
}
