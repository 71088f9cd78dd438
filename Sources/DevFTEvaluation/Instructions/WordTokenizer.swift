import Foundation

/// Parts sentences into words as NLTK's `word_tokenize` does.
///
/// - SeeAlso: NLTK 3.10, `NLTKWordTokenizer`.
struct WordTokenizer: Sendable {
  let splitter: SentenceSplitter

  private struct Rule: Sendable {
    let pattern: TextPattern
    let template: String

    init(_ pattern: String, _ template: String) {
      self.pattern = TextPattern(own: pattern)
      self.template = template
    }
  }

  private static let openings = [
    Rule("([«“‘„]|[`]+)", " $1 "), Rule("^\"", "``"), Rule("(``)", " $1 "),
    Rule(#"([ (\[{<])("|'{2})"#, "$1 `` "),
    Rule(#"(?i)(?<!\w)(')(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w)"#, "$1 "),
  ]
  private static let punctuation = [
    Rule(#"([^.])(\.)([\])}>"'»”’ ]*+)#s*$"#, "$1 $2 $3 "),
    Rule(#"([:,])([^\d])"#, " $1 $2"), Rule("([:,])$", " $1 "), Rule(#"\.{2,}"#, " $0 "),
    Rule(#"[;@#$%&]"#, " $0 "), Rule(#"[\u2012-\u2015]"#, " $0 "),
    Rule(#"([^.])(\.)([\])}>"']*)#s*$"#, "$1 $2$3 "), Rule("[?!]", " $0 "),
    Rule("([^'])' ", "$1 ' "), Rule("[*]", " $0 "), Rule(#"[\]\[(){}<>]"#, " $0 "),
    Rule("--", " -- "),
  ]
  private static let closings = [
    Rule("([»”’])", " $1 "), Rule("''", " '' "), Rule("\"", " '' "), Rule("#s+", " "),
    Rule("([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
    Rule("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
    Rule(
      #"(?i)\b(can|gon|got|wan)(not|na|ta)\b(?<=cannot|gonna|gotta|wanna)"#,
      " $1 $2 "
    ),
    Rule(#"(?i)\b(d)('ye)\b"#, " $1 $2 "), Rule(#"(?i)\b(gim|lem)(me)\b"#, " $1 $2 "),
    Rule(#"(?i)\b(more)('n)\b"#, " $1 $2 "), Rule(#"(?i) ('t)(is|was)\b"#, " $1 $2 "),
  ]

  /// Words of a text.
  ///
  /// - Parameter text: Any text.
  /// - Returns: Words and punctuation.
  func words(in text: String) -> [Substring] {
    splitter.sentences(in: text).flatMap { sentence -> [Substring] in
      var text = sentence
      for rule in Self.openings + Self.punctuation {
        text = rule.pattern.replacing(in: text, with: rule.template)
      }
      text = " " + text + " "
      for rule in Self.closings {
        text = rule.pattern.replacing(in: text, with: rule.template)
      }
      return String.UnicodeScalarView(text.unicodeScalars)
        .split(omittingEmptySubsequences: true) { $0.isTrimmed }.map { Substring($0) }
    }
  }
}
