import DevFTFormats
import Foundation

extension Instruction {
  /// Whether an answer follows the instruction.
  ///
  /// - Parameters:
  ///   - answer: The answer, not empty.
  ///   - checker: What is known of languages.
  /// - Returns: Whether it does.
  /// - SeeAlso: lm-evaluation-harness 0.4.13, `tasks/ifeval/instructions.py`.
  func isFollowed(by answer: String, _ checker: InstructionChecker) -> Bool {
    switch self {
    case .keywords(let words): words.allSatisfy { $0.occurs(in: answer) }
    case .keywordCount(let word, let bound): bound.holds(word.count(in: answer))
    case .forbiddenWords(let words): !words.contains { $0.occurs(in: answer) }
    case .letterCount(let letter, let bound):
      bound.holds(answer.lowercased().unicodeScalars.count { $0 == letter })
    case .language(let language): checker.isText(answer, in: language)
    case .capitals: answer.isAllCapitals && checker.isText(answer, in: "en")
    case .smallLetters: answer.isAllSmall && checker.isText(answer, in: "en")
    case .capitalWords(let bound):
      bound.holds(checker.tokenizer.words(in: answer).count { $0.isAllCapitals })
    case .sentences(let bound): bound.holds(checker.splitter.sentences(in: answer).count)
    case .paragraphs(let count): Self.dividedParts(of: answer) == count
    case .words(let bound): bound.holds(answer.wordCount)
    case .firstWord(let word, let paragraph, let count):
      Self.hasFirstWord(answer, word, paragraph, count)
    case .placeholders(let count): Self.placeholder.count(in: answer) >= count
    case .postscript(let marker): marker.occurs(in: answer.lowercased())
    case .bullets(let count):
      Self.bullet.count(in: answer) + Self.dash.count(in: answer) == count
    case .fixedAnswer: Self.fixedAnswers.contains { answer.prefix(before: $0) != answer }
    case .highlights(let count): Self.highlightCount(in: answer) >= count
    case .sections(let marker, let count): marker.split(answer).count - 1 >= count
    case .json: Self.isJSON(answer)
    case .title: Self.titleMark.matches(in: answer).contains { !Self.bare($0, "<", ">").isEmpty }
    case .twoAnswers: Self.hasTwoAnswers(answer)
    case .repeatedPrompt(let prompt):
      answer.trimmed.lowercased().utf8.starts(with: prompt.trimmed.lowercased().utf8)
    case .ending(let phrase): Self.ends(answer, with: phrase)
    case .noComma: !answer.utf8.contains(UInt8(ascii: ","))
    case .quotation:
      answer.trimmed.unicodeScalars.count > 1 && answer.trimmed.unicodeScalars.first == "\""
        && answer.trimmed.unicodeScalars.last == "\""
    }
  }

  private static let placeholder = TextPattern(own: #"\[.*?\]"#)
  private static let bullet = TextPattern(own: #"^#s*\*[^*].*$"#, matchesLines: true)
  private static let dash = TextPattern(own: "^#s*-.*$", matchesLines: true)
  private static let titleMark = TextPattern(own: #"<<[^\n]+>>"#)
  private static let divider = TextPattern(own: #"#s?\*\*\*#s?"#)
  private static let highlight = TextPattern(own: #"\*[^\n*]*\*"#)
  private static let doubleHighlight = TextPattern(own: #"\*\*[^\n*]*\*\*"#)
  private static let fixedAnswers = [
    "My answer is yes.", "My answer is no.", "My answer is maybe.",
  ]

  /// A text without a character at its start, another at its end, and white space.
  private static func bare(
    _ text: String,
    _ start: Unicode.Scalar,
    _ end: Unicode.Scalar
  ) -> String {
    var scalars = text.unicodeScalars[...]
    while scalars.first == start { scalars.removeFirst() }
    while scalars.last == end { scalars.removeLast() }
    return String(Substring(scalars)).trimmed
  }

  private static func highlightCount(in answer: String) -> Int {
    highlight.matches(in: answer).count { !bare($0, "*", "*").isEmpty }
      + doubleHighlight.matches(in: answer).count { text in
        !String(text.dropFirst(2).dropLast(2)).trimmed.isEmpty
      }
  }

  /// Parts between `***`; `nil` when one inside is empty.
  private static func dividedParts(of answer: String) -> Int? {
    let parts = divider.split(answer)
    var count = parts.count
    for (index, part) in parts.enumerated() where part.trimmed.isEmpty {
      guard index == 0 || index == parts.count - 1 else { return nil }
      count -= 1
    }
    return count
  }

  private static func hasFirstWord(
    _ answer: String,
    _ word: String,
    _ paragraph: Int,
    _ count: Int
  ) -> Bool {
    let paragraphs = answer.components(separatedBy: "\n\n")
    let filled = paragraphs.count { !$0.trimmed.isEmpty }
    guard paragraph <= filled else { return false }
    let text = paragraphs[paragraph - 1].trimmed
    guard !text.isEmpty else { return false }
    var scalars = text.unicodeScalars.prefix { !$0.isTrimmed }[...]
    while scalars.first == "'" { scalars.removeFirst() }
    while scalars.first == "\"" { scalars.removeFirst() }
    let ends: Set<Unicode.Scalar> = [".", ",", "?", "!", "'", "\""]
    let first = String(Substring(scalars.prefix { !ends.contains($0) })).lowercased()
    return filled == count && Array(first.utf8) == Array(word.lowercased().utf8)
  }

  private static func hasTwoAnswers(_ answer: String) -> Bool {
    let parts = answer.components(separatedBy: "******")
    var answers: [String] = []
    for (index, part) in parts.enumerated() {
      let text = part.trimmed
      if !text.isEmpty {
        answers.append(text)
      } else if index != 0, index != parts.count - 1 {
        return false
      }
    }
    return answers.count == 2 && Array(answers[0].utf8) != Array(answers[1].utf8)
  }

  private static func ends(_ answer: String, with phrase: String) -> Bool {
    var scalars = answer.trimmed.unicodeScalars[...]
    while scalars.first == "\"" { scalars.removeFirst() }
    while scalars.last == "\"" { scalars.removeLast() }
    let text = Array(String(Substring(scalars)).lowercased().utf8)
    return text.suffix(phrase.utf8.count).elementsEqual(phrase.utf8)
  }

  private static func isJSON(_ answer: String) -> Bool {
    var text = answer.trimmed
    for fence in ["```json", "```Json", "```JSON", "```"] where text.utf8.starts(with: fence.utf8) {
      text = String(text.unicodeScalars.dropFirst(fence.unicodeScalars.count))
    }
    if text.utf8.suffix(3).elementsEqual("```".utf8) {
      text = String(text.unicodeScalars.dropLast(3))
    }
    return (try? JSONParser.parse(Array(text.trimmed.utf8)[...])) != nil
      || isPythonJSON(text.trimmed)
  }

  private static let loneNumber = TextPattern(
    own: #"(?<=[\[:,\s]|^)(?:NaN|-?Infinity)(?=[\],}\s]|$)"#
  )

  /// Whether a text is JSON but for `NaN` and `Infinity`, which Python takes for numbers.
  private static func isPythonJSON(_ text: String) -> Bool {
    let text = loneNumber.replacing(in: text, with: "0")
    return (try? JSONParser.parse(Array(text.utf8)[...])) != nil
  }
}
