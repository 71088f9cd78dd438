import Foundation

/// A regular expression that matches as Python's `re` does with the same text.
///
/// `.`, `^` and `$` know the line feed alone; `#s` stands for Python's `\s`.
struct TextPattern: Sendable {
  private let expression: NSRegularExpression

  /// Compiles a pattern of the program's own.
  ///
  /// - Parameters:
  ///   - pattern: The pattern; must be valid.
  ///   - ignoresCase: Whether case plays no part.
  ///   - matchesLines: Whether `^` and `$` match at line feeds.
  init(own pattern: String, ignoresCase: Bool = false, matchesLines: Bool = false) {
    guard let own = TextPattern(pattern, ignoresCase: ignoresCase, matchesLines: matchesLines)
    else { preconditionFailure("the pattern \(pattern) is not valid") }
    self = own
  }

  /// Compiles a pattern; `nil` when it is not valid.
  ///
  /// - Parameters:
  ///   - pattern: The pattern.
  ///   - ignoresCase: Whether case plays no part.
  ///   - matchesLines: Whether `^` and `$` match at line feeds.
  init?(_ pattern: String, ignoresCase: Bool = false, matchesLines: Bool = false) {
    var options: NSRegularExpression.Options = [.useUnixLineSeparators]
    if ignoresCase { options.insert(.caseInsensitive) }
    if matchesLines { options.insert(.anchorsMatchLines) }
    let spelt = pattern.replacingOccurrences(of: "#s", with: #"[\s\x{0B}\x{1C}-\x{1F}\x{85}]"#)
    guard let expression = try? NSRegularExpression(pattern: spelt, options: options) else {
      return nil
    }
    self.expression = expression
  }

  /// Places of all matches and their groups, which do not overlap.
  func matches(in text: NSString) -> [NSTextCheckingResult] {
    expression.matches(
      in: text as String,
      range: NSRange(location: 0, length: text.length)
    )
  }

  /// Texts of all matches.
  func matches(in text: String) -> [String] {
    let text = text as NSString
    return matches(in: text).map { text.substring(with: $0.range) }
  }

  /// Number of matches.
  func count(in text: String) -> Int { matches(in: text as NSString).count }

  /// Whether there is a match.
  func occurs(in text: String) -> Bool {
    let text = text as NSString
    return expression.firstMatch(
      in: text as String,
      range: NSRange(location: 0, length: text.length)
    ) != nil
  }

  /// Texts between matches, empty ones included.
  func split(_ text: String) -> [String] {
    let text = text as NSString
    var (parts, start): ([String], Int) = ([], 0)
    for match in matches(in: text) {
      parts.append(
        text.substring(with: NSRange(location: start, length: match.range.location - start))
      )
      start = match.range.location + match.range.length
    }
    return parts + [text.substring(from: start)]
  }

  /// The text with all matches replaced; `$1` stands for a group.
  func replacing(in text: String, with template: String) -> String {
    expression.stringByReplacingMatches(
      in: text,
      range: NSRange(location: 0, length: (text as NSString).length),
      withTemplate: template
    )
  }
}
