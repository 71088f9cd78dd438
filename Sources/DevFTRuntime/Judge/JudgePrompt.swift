import DevFTFormats

/// One of FastChat's published prompts for judges.
struct JudgePrompt: Sendable {
  var name: String
  var system: String
  var template: String

  /// Reads the file of prompts.
  ///
  /// - Parameter path: JSONL with `name`, `system_prompt` and `prompt_template`.
  /// - Returns: The prompts by name.
  /// - Throws: `FormatError` that names file, line and key.
  static func all(in path: String) throws -> [String: JudgePrompt] {
    var prompts: [String: JudgePrompt] = [:]
    for row in try JSONRow.all(in: path) {
      let name = try row.text("name")
      prompts[name] = JudgePrompt(
        name: name,
        system: try row.text("system_prompt"),
        template: try row.text("prompt_template")
      )
    }
    return prompts
  }

  /// The template with its places filled, as Python's `str.format` does it.
  ///
  /// - Parameter values: What stands in `{name}`; `{{` and `}}` are braces. A place without a value stays.
  /// - Returns: The text.
  func text(_ values: [String: String]) -> String {
    var (result, rest) = ("", template[...])
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      result += rest[..<brace]
      rest = rest[brace...]
      if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
        result.append(rest.removeFirst())
        rest.removeFirst()
      } else if let end = rest.firstIndex(of: "}"), rest.first == "{",
        let value = values[String(rest[rest.index(after: brace)..<end])]
      {
        result += value
        rest = rest[rest.index(after: end)...]
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }
}
