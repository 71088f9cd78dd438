import DevFTFormats
import Foundation

extension Instruction {
  /// Reads an instruction of a row.
  ///
  /// - Parameters:
  ///   - name: Its published name, such as `keywords:existence`.
  ///   - arguments: What it asks for; `null` is as good as absent.
  ///   - row: The row, for messages.
  /// - Throws: `FormatError` that names file, line and key.
  init(_ name: String, arguments: JSONValue, row: JSONRow) throws(FormatError) {
    let read = Arguments(name: name, json: arguments, row: row)
    switch name {
    case "keywords:existence":
      self = .keywords(try read.patterns("keywords") { $0 })
    case "keywords:frequency":
      let word = try read.pattern(try read.text("keyword").trimmed, key: "keyword")
      self = .keywordCount(word, try read.bound("relation", "frequency"))
    case "keywords:forbidden_words":
      self = .forbiddenWords(try read.patterns("forbidden_words") { "\\b\($0)\\b" })
    case "keywords:letter_frequency":
      let letter = try read.text("letter").trimmed.lowercased()
      guard let scalar = letter.unicodeScalars.first, letter.unicodeScalars.count == 1 else {
        throw read.failure("letter", "one character")
      }
      self = .letterCount(scalar, try read.bound("let_relation", "let_frequency"))
    case "language:response_language": self = .language(try read.text("language"))
    case "change_case:english_capital": self = .capitals
    case "change_case:english_lowercase": self = .smallLetters
    case "change_case:capital_word_frequency":
      self = .capitalWords(try read.bound("capital_relation", "capital_frequency"))
    case "length_constraints:number_sentences":
      self = .sentences(try read.bound("relation", "num_sentences"))
    case "length_constraints:number_paragraphs":
      self = .paragraphs(try read.number("num_paragraphs"))
    case "length_constraints:number_words":
      self = .words(try read.bound("relation", "num_words"))
    case "length_constraints:nth_paragraph_first_word":
      self = .firstWord(
        try read.text("first_word"),
        paragraph: max(1, try read.number("nth_paragraph")),
        of: try read.number("num_paragraphs")
      )
    default: self = try Self.form(name, read)
    }
  }

  /// Reads an instruction about contents and form.
  private static func form(_ name: String, _ read: Arguments) throws(FormatError) -> Self {
    switch name {
    case "detectable_content:number_placeholders":
      return .placeholders(try read.number("num_placeholders"))
    case "detectable_content:postscript":
      return .postscript(try postscript(try read.text("postscript_marker").trimmed, read))
    case "detectable_format:number_bullet_lists": return .bullets(try read.number("num_bullets"))
    case "detectable_format:constrained_response": return .fixedAnswer
    case "detectable_format:number_highlighted_sections":
      return .highlights(try read.number("num_highlights"))
    case "detectable_format:multiple_sections":
      let marker = try read.text("section_spliter").trimmed
      let pattern = try read.pattern(
        "#s?\(marker)#s?\\d+#s?",
        key: "section_spliter",
        ignoresCase: false
      )
      return .sections(pattern, try read.number("num_sections"))
    case "detectable_format:json_format": return .json
    case "detectable_format:title": return .title
    case "combination:two_responses": return .twoAnswers
    case "combination:repeat_prompt":
      return .repeatedPrompt(try read.text("prompt_to_repeat"))
    case "startend:end_checker":
      return .ending(try read.text("end_phrase").trimmed.lowercased())
    case "startend:quotation": return .quotation
    case "punctuation:no_comma": return .noComma
    default:
      throw FormatError(
        .unsupported,
        path: read.row.place,
        "key \"instruction_id_list\": expected one of the 25 instructions of IFEval, got \"\(name)\""
      )
    }
  }

  private static func postscript(
    _ marker: String,
    _ read: Arguments
  ) throws(FormatError) -> TextPattern {
    let pattern =
      switch marker {
      case "P.P.S": #"#s*p\.#s?p\.#s?s.*$"#
      case "P.S.": #"#s*p\.#s?s\..*$"#
      default: "#s*\(marker.lowercased()).*$"
      }
    return try read.pattern(
      pattern,
      key: "postscript_marker",
      ignoresCase: false,
      matchesLines: true
    )
  }
}

/// What an instruction asks for, as the file spells it.
private struct Arguments {
  let name: String
  let json: JSONValue
  let row: JSONRow

  func failure(_ key: String, _ expected: String) -> FormatError {
    row.failure("kwargs of \(name).\(key)", expected, json[key])
  }

  func text(_ key: String) throws(FormatError) -> String {
    guard let text = json[key]?.text, !text.isEmpty else { throw failure(key, "a string") }
    return text
  }

  func number(_ key: String) throws(FormatError) -> Int {
    // Some copies of the file spell whole numbers with a point.
    guard case .number(let spelling)? = json[key], let number = Double(spelling),
      let whole = Int(exactly: number), whole >= 0
    else { throw failure(key, "a whole number") }
    return whole
  }

  func bound(_ relation: String, _ number: String) throws(FormatError) -> Instruction.Bound {
    let word = try text(relation)
    guard ["less than", "at least"].contains(word) else {
      throw failure(relation, "\"less than\" or \"at least\"")
    }
    return Instruction.Bound(isLeast: word == "at least", number: try self.number(number))
  }

  func patterns(
    _ key: String,
    _ spell: (String) -> String
  ) throws(FormatError) -> [TextPattern] {
    guard let elements = json[key]?.elements, !elements.isEmpty else {
      throw failure(key, "an array of strings")
    }
    var patterns: [TextPattern] = []
    for element in elements {
      guard let word = element.text else { throw failure(key, "an array of strings") }
      patterns.append(try pattern(spell(word), key: key))
    }
    return patterns
  }

  func pattern(
    _ spelling: String,
    key: String,
    ignoresCase: Bool = true,
    matchesLines: Bool = false
  ) throws(FormatError) -> TextPattern {
    guard
      let pattern = TextPattern(
        spelling,
        ignoresCase: ignoresCase,
        matchesLines: matchesLines
      )
    else { throw failure(key, "a valid regular expression") }
    return pattern
  }
}
