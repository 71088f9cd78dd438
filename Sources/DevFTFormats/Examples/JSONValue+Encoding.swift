extension JSONValue {
  /// The value as JSON on one line, keys sorted by their UTF-8 bytes.
  package var encoded: String {
    var line = ""
    write(to: &line)
    return line
  }

  private func write(to line: inout String) {
    switch self {
    case .null: line += "null"
    case .boolean(let flag): line += flag ? "true" : "false"
    case .number(let spelling): line += spelling
    case .string(let text): Self.write(text, to: &line)
    case .array(let elements): Self.write(elements, "[", "]", to: &line) { $0.write(to: &$1) }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(sorted, "{", "}", to: &line) {
        Self.write($0.key, to: &$1)
        $1 += ":"
        $0.value.write(to: &$1)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element],
    _ opening: String,
    _ closing: String,
    to line: inout String,
    _ body: (Element, inout String) -> Void
  ) {
    line += opening
    for (index, element) in elements.enumerated() {
      if index > 0 { line += "," }
      body(element, &line)
    }
    line += closing
  }

  private static func write(_ text: String, to line: inout String) {
    line += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case let control where control.value < 0x20:
        let digits = String(control.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: line.unicodeScalars.append(scalar)
      }
    }
    line += "\""
  }
}
