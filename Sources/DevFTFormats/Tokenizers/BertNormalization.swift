import Foundation

/// What BERT's tokenizers do to text before they cut it into words.
///
/// - SeeAlso: `BertNormalizer` in <https://github.com/huggingface/tokenizers>.
struct BertNormalization: Sendable {
  /// Whether control characters go and white space becomes spaces.
  var cleansText = true
  /// Whether Chinese characters get spaces around them.
  var spacesChinese = true
  /// Whether accents go.
  var stripsAccents = true
  /// Whether letters become lower case.
  var lowercases = true

  /// Normalises text.
  ///
  /// - Parameter bytes: UTF-8.
  /// - Returns: UTF-8 of the normalised text.
  func apply(_ bytes: [UInt8]) -> [UInt8] {
    var scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    if cleansText { scalars = scalars.compactMap(cleansed) }
    if spacesChinese {
      scalars = scalars.flatMap { Self.isChinese($0) ? [" ", $0, " "] : [$0] }
    }
    if stripsAccents {
      scalars = decomposed(scalars).filter { $0.properties.generalCategory != .nonspacingMark }
    }
    if lowercases { scalars = scalars.flatMap { $0.properties.lowercaseMapping.unicodeScalars } }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return Array(String(text).utf8)
  }

  private func cleansed(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "\t", "\n", "\r": return " "
    case "\0", "\u{fffd}": return nil
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate, .unassigned: return nil
    default: return scalar.properties.isWhitespace ? " " : scalar
    }
  }

  /// Below U+00C0 nothing decomposes canonically.
  private func decomposed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains(where: { $0.value >= 0xc0 }) else { return scalars }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return Array(String(text).decomposedStringWithCanonicalMapping.unicodeScalars)
  }

  /// The blocks of Chinese characters, as the library lists them.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4e00...0x9fff, 0x3400...0x4dbf, 0x20000...0x2a6df, 0x2a700...0x2b73f,
      0x2b740...0x2b81f, 0x2b920...0x2ceaf, 0xf900...0xfaff, 0x2f800...0x2fa1f:
      return true
    default: return false
    }
  }
}
