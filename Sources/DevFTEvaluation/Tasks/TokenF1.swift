/// Overlap of words between an answer and the expected one.
///
/// Harmonic mean of precision and recall over words, each counted as often as both have it; lower case, ASCII
/// punctuation and English articles left out.
/// - SeeAlso: Rajpurkar et al., 2016, section 6.1, <https://arxiv.org/abs/1606.05250>.
enum TokenF1 {
  private static let articles: Set<Substring> = ["a", "an", "the"]

  /// Compares two texts.
  ///
  /// - Parameters:
  ///   - answer: The model's.
  ///   - expected: The right one.
  /// - Returns: A number in `[0, 1]`; 1 when neither has a word.
  static func between(_ answer: String, _ expected: String) -> Double {
    let (given, wanted) = (words(of: answer), words(of: expected))
    guard !given.isEmpty, !wanted.isEmpty else { return given.isEmpty && wanted.isEmpty ? 1 : 0 }
    var left = Dictionary(wanted.map { ($0, 1) }, uniquingKeysWith: +)
    var shared = 0
    for word in given where left[word, default: 0] > 0 {
      left[word, default: 0] -= 1
      shared += 1
    }
    guard shared > 0 else { return 0 }
    let (precision, recall) = (
      Double(shared) / Double(given.count), Double(shared) / Double(wanted.count)
    )
    return 2 * precision * recall / (precision + recall)
  }

  private static func words(of text: String) -> [Substring] {
    let bare = text.lowercased().unicodeScalars.filter { scalar in
      !(scalar.isASCII && (scalar.properties.generalCategory.isPunctuationOrSymbol))
    }
    return String(String.UnicodeScalarView(bare)).split { $0.isWhitespace }
      .filter { !articles.contains($0) }
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isPunctuationOrSymbol: Bool {
    switch self {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol,
      .modifierSymbol, .otherSymbol:
      true
    default: false
    }
  }
}
