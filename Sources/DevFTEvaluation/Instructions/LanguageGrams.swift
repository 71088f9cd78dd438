import Foundation

/// Runs of one to three characters by which languages are told apart.
enum LanguageGrams {
  private static let address = TextPattern(
    own: #"https?://[-_.?&~;+=/#0-9A-Za-z]{1,2076}"#
  )
  private static let mail = TextPattern(
    own: "[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}"
  )
  private static let greatestLength = 10_000

  /// The runs of a text; words in capitals give none but by their first letter.
  ///
  /// - Parameter text: Any text.
  /// - Returns: The runs, in their order.
  static func grams(of text: String) -> [String] {
    let bare = mail.replacing(in: address.replacing(in: text, with: " "), with: " ")
    let scalars = withoutForeignLatin(
      Array(bare.precomposedStringWithCanonicalMapping.unicodeScalars.prefix(greatestLength))
    )
    var grams: [String] = []
    var buffer: [Unicode.Scalar] = [" "]
    var isCapitalWord = false
    for scalar in scalars.map(normalised) {
      let last = buffer[buffer.count - 1]
      if last == " " {
        buffer = [" "]
        isCapitalWord = false
        if scalar == " " { continue }
      } else if buffer.count >= 3 {
        buffer.removeFirst()
      }
      buffer.append(scalar)
      if scalar.properties.isUppercase {
        isCapitalWord = isCapitalWord || last.properties.isUppercase
      } else {
        isCapitalWord = false
      }
      if isCapitalWord { continue }
      for length in 1...min(3, buffer.count) {
        let gram = buffer.suffix(length)
        if gram.count == 1, gram.first == " " { continue }
        grams.append(String(String.UnicodeScalarView(gram)))
      }
    }
    return grams
  }

  /// Leaves Latin letters out of texts that mostly consist of others.
  private static func withoutForeignLatin(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let latin = scalars.count { ("A"..."z").contains($0) }
    let other = scalars.count { $0.value >= 0x300 && !(0x1e00...0x1eff).contains($0.value) }
    return latin * 2 < other ? scalars.filter { !("A"..."z").contains($0) } : scalars
  }

  /// Takes characters together that tell nothing apart.
  private static func normalised(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x41...0x5a, 0x61...0x7a: scalar
    case 0...0x7f, 0xa0, 0xab, 0xb0, 0xbb, 0x2000...0x206f: " "
    case 0x219: "\u{15f}"
    case 0x21b: "\u{163}"
    case 0x6cc: "\u{64a}"
    case 0x1ea0...0x1eff: "\u{1ec3}"
    case 0x3040...0x309f: "\u{3042}"
    case 0x30a0...0x30ff: "\u{30a2}"
    case 0x3100...0x312f, 0x31a0...0x31bf: "\u{3105}"
    case 0xac00...0xd7af: "\u{ac00}"
    default: scalar
    }
  }
}
