/// Special tokens around one text or two, as a classifier was trained with them.
public struct ClassifierLayout: Equatable, Sendable {
  /// A part of a sequence.
  public enum Part: Equatable, Sendable {
    /// A special token, and its segment.
    case token(Int, type: Int)
    /// The first (0) or second (1) text, and its segment.
    case text(Int, type: Int)

    var isToken: Bool { if case .token = self { true } else { false } }
  }

  /// The parts around one text.
  public var single: [Part]
  /// The parts around two texts.
  public var pair: [Part]
}

/// The tokens of one text or two with the special ones around them.
public struct ClassifierTokens: Equatable, Sendable {
  /// Token identifiers.
  public var tokens: [Int32]
  /// Segment of each token.
  public var types: [Int32]
  /// Tokens before any were cut off.
  public var fullCount: Int
}

extension Tokenizer {
  /// Encodes one text or two with the special tokens that a classifier wants.
  ///
  /// Texts that are too long together lose their ends, the longer one first: with `n₁ ≤ n₂` tokens and
  /// room for `m`, the longer keeps `max(n₁, m − n₁)`, and both keep half when that is still too much.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - pair: The second text, or `nil`.
  ///   - maximumLength: Most tokens of the sequence.
  /// - Returns: The tokens.
  /// - Throws: `FormatError` with code `unsupported` when the tokenizer has no such layout, or when the
  ///   special tokens alone are too many.
  public func classifierTokens(
    _ text: String,
    pair: String?,
    maximumLength: Int
  ) throws(FormatError) -> ClassifierTokens {
    guard let classifierLayout else {
      throw FormatError(
        .unsupported,
        "tokenizer.json has no post_processor that places special tokens, which a classifier needs"
      )
    }
    let parts = pair == nil ? classifierLayout.single : classifierLayout.pair
    var texts = [encode(text), pair.map { encode($0) } ?? []]
    let room = maximumLength - parts.count(where: \.isToken)
    guard room >= 0 else {
      throw FormatError(
        .unsupported,
        "expected room for \(parts.count(where: \.isToken)) special tokens, got \(maximumLength)"
      )
    }
    let fullCount = texts[0].count + texts[1].count + maximumLength - room
    if fullCount > maximumLength { Self.cut(&texts, to: room) }
    var result = ClassifierTokens(tokens: [], types: [], fullCount: fullCount)
    for part in parts {
      let (ids, type) =
        switch part {
        case .token(let id, let type): ([id], type)
        case .text(let index, let type): (texts[index], type)
        }
      result.tokens += ids.map(Int32.init)
      result.types += ids.map { _ in Int32(type) }
    }
    return result
  }

  private static func cut(_ texts: inout [[Int]], to room: Int) {
    let longer = texts[0].count > texts[1].count ? 0 : 1
    var kept = (short: texts[1 - longer].count, long: 0)
    kept.long = kept.short > room ? kept.short : max(kept.short, room - kept.short)
    if kept.short + kept.long > room { kept = (room / 2, room / 2 + room % 2) }
    texts[1 - longer] = Array(texts[1 - longer].prefix(kept.short))
    texts[longer] = Array(texts[longer].prefix(kept.long))
  }
}
