import DevFTFormats
import Foundation

/// The published prompt of a BIG-Bench Hard task, taken apart: what it is about, and worked examples.
struct BigBenchPrompt: Equatable {
  /// A worked example.
  struct Example: Equatable {
    var input: String
    /// How the answer is found, ending with it.
    var reasoning: String
    /// The answer alone.
    var answer: String
  }

  /// What the task is about, with the empty line after it.
  var description: String
  /// The examples.
  var examples: [Example]

  /// Takes a prompt apart.
  ///
  /// - Parameter row: `task` and `prompt`; what stands above a line of five dashes is a notice.
  /// - Throws: `FormatError` that names file, line and key.
  init(_ row: JSONRow) throws(FormatError) {
    let whole = try row.text("prompt")
    let text = whole.range(of: "-----\n").map { String(whole[$0.upperBound...]) } ?? whole
    guard let start = text.range(of: "Q: ") else {
      throw row.failure("prompt", "questions that begin with \"Q: \"", row.json["prompt"])
    }
    description = String(text[..<start.lowerBound])
    examples = []
    for part in text[start.upperBound...].components(separatedBy: "\n\nQ: ") {
      guard let example = Example(part) else {
        throw row.failure("prompt", "answers that think step by step", row.json["prompt"])
      }
      examples.append(example)
    }
  }

  /// The prompt that asks a question.
  ///
  /// - Parameters:
  ///   - input: The question.
  ///   - form: Whether examples show their reasoning.
  ///   - shots: Most examples.
  /// - Returns: The text, up to where the answer is due.
  func text(asking input: String, form: BigBenchHard.Form, shots: Int) -> String {
    let head = form == .direct ? "\nA:" : "\nA: Let's think step by step.\n"
    let shown = examples.prefix(shots).map { example in
      let answer = form == .direct ? " " + example.answer : example.reasoning
      return "Q: " + example.input + head + answer + "\n\n"
    }
    return description + shown.joined() + "Q: " + input + head
  }

  /// What follows "the answer is " on its line, without the last character; "[invalid]" without it.
  ///
  /// - Parameter text: What the model wrote.
  /// - Returns: The answer.
  /// - SeeAlso: lm-evaluation-harness 0.4.13, the filter `(?<=the answer is )(.*)(?=.)`.
  static func conclusion(of text: String) -> String {
    var rest = text[...]
    while let head = rest.range(of: "the answer is ") {
      rest = rest[head.upperBound...]
      let line = rest.unicodeScalars.prefix { $0 != "\n" }
      if !line.isEmpty { return String(Substring(line.dropLast())).trimmed }
    }
    return "[invalid]"
  }
}

extension BigBenchPrompt.Example {
  private static let bridge = "A: Let's think step by step."

  init?(_ text: String) {
    guard let bridge = text.range(of: Self.bridge) else { return nil }
    let head = text[..<bridge.lowerBound]
    let end = head.lastIndex { $0 != "\n" }.map(head.index(after:)) ?? head.startIndex
    input = String(head[..<end])
    reasoning = String(text[bridge.upperBound...].drop { $0 == " " || $0 == "\n" })
    guard let last = reasoning.range(of: "the answer is ") else { return nil }
    let conclusion = String(reasoning[last.upperBound...]).trimmingEnd
    answer = conclusion.hasSuffix(".") ? String(conclusion.dropLast()) : conclusion
  }
}
