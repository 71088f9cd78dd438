/// Where a piece of text stands in what is encoded; prefix spaces depend on it.
public enum TextPosition: Sendable {
  /// At the beginning.
  case start
  /// Right after a special token.
  case afterSpecialToken
  /// Right after other text, from which it was cut.
  case continuing
}

/// Cuts normalised text into the words that a byte-pair model encodes one by one.
struct PreTokenizer: Sendable {
  /// When a space is put before text.
  enum PrefixSpace: Sendable {
    /// Before text at the beginning and after special tokens.
    case always
    /// Before text at the beginning.
    case first
    /// Nowhere.
    case never
  }

  /// One step; each works on the pieces that the one before made.
  enum Step: Sendable {
    /// Sets numbers (general category N) apart, each for itself or in runs.
    case digits(individually: Bool)
    /// Cuts by a regular expression.
    case words(WordPattern)
    /// Puts a space before pieces that have none.
    case prefixSpace
    /// Spells spaces `▁`, may put one before, and may cut before each.
    case metaspace(prefix: PrefixSpace, cuts: Bool)
    /// Cuts at white space, which goes, and around each punctuation mark, as BERT does.
    case bertWords
  }

  /// The steps in their order.
  var steps: [Step]

  /// Cuts text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 of normalised text.
  ///   - position: Where the text stands.
  ///   - body: Called with each word.
  func forEachWord(
    in bytes: [UInt8],
    at position: TextPosition,
    _ body: (ArraySlice<UInt8>) -> Void
  ) {
    guard !bytes.isEmpty else { return }
    var text = ScannedText(bytes)
    var ranges = [0..<text.count]
    for step in steps {
      switch step {
      case .digits(let individually):
        ranges = cut(ranges) { digitsEnd(from: $0, to: $1, in: text, individually) }
      case .words(let pattern):
        ranges = cut(ranges) { pattern.wordEnd(from: $0, to: $1, in: text) }
      case .prefixSpace:
        guard position != .continuing else { continue }
        (text, ranges) = respelt(ranges.map { prefixed(text[$0], with: [0x20]) })
      case .metaspace(let prefix, let cuts):
        let takesPrefix = prefix == .always ? position != .continuing : position == .start
        (text, ranges) = respelt(
          ranges.enumerated().map { index, range in
            let spelt = Metaspace.replacingSpaces(in: text[range])
            let isPrefixed = prefix != .never && takesPrefix && (prefix == .always || index == 0)
            return isPrefixed ? prefixed(spelt[...], with: Metaspace.spelling) : spelt
          }
        )
        if cuts { ranges = cut(ranges) { Metaspace.wordEnd(from: $0, to: $1, in: text) } }
      case .bertWords:
        ranges = cut(ranges) { text.bertWordEnd(from: $0, to: $1) }
          .filter { !text.classes[$0.lowerBound].isWhitespace }
      }
    }
    for range in ranges { body(text[range]) }
  }

  private func cut(_ ranges: [Range<Int>], _ wordEnd: (Int, Int) -> Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    pieces.reserveCapacity(ranges.count)
    for range in ranges {
      var start = range.lowerBound
      while start < range.upperBound {
        let end = wordEnd(start, range.upperBound)
        pieces.append(start..<end)
        start = end
      }
    }
    return pieces
  }

  private func digitsEnd(
    from start: Int,
    to end: Int,
    in text: ScannedText,
    _ individually: Bool
  ) -> Int {
    if text.classes[start] == .number {
      return individually ? start + 1 : text.end(of: .number, from: start, to: end)
    }
    var index = start
    while index < end, text.classes[index] != .number { index += 1 }
    return index
  }

  private func prefixed(_ piece: ArraySlice<UInt8>, with prefix: [UInt8]) -> [UInt8] {
    piece.starts(with: prefix) ? Array(piece) : prefix + piece
  }

  /// Pieces whose bytes changed, put together again.
  private func respelt(_ pieces: [[UInt8]]) -> (ScannedText, [Range<Int>]) {
    let text = ScannedText(Array(pieces.joined()))
    var start = 0
    let ranges = pieces.map { piece in
      let scalarCount = piece.count { $0 & 0xc0 != 0x80 }
      defer { start += scalarCount }
      return start..<start + scalarCount
    }
    return (text, ranges)
  }
}
