extension ConfigurationNode {
  /// The tree as YAML: one key a line, lists in brackets, two spaces a level.
  var yaml: String { lines(indent: "").map { $0 + "\n" }.joined() }

  private func lines(indent: String) -> [String] {
    guard let entries, !entries.isEmpty else { return [indent + inlineText] }
    return entries.flatMap { entry in
      if let children = entry.value.entries, !children.isEmpty {
        return ["\(indent)\(entry.key):"] + entry.value.lines(indent: indent + "  ")
      }
      return ["\(indent)\(entry.key): \(entry.value.inlineText)"]
    }
  }

  /// The value in one line.
  var inlineText: String {
    switch content {
    case .scalar(let text, let isQuoted): isQuoted ? Self.quoted(text) : text
    case .list(let items): "[" + items.map(\.inlineText).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key): \($0.value.inlineText)" }.joined(separator: ", ") + "}"
    }
  }

  /// A scalar that is read back as this text: bare where it cannot be taken for anything else.
  static func text(_ text: String) -> ConfigurationNode {
    let isWord = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "+"):
        true
      default: false
      }
    }
    let startsWell = text.first.map { $0.isLetter || $0 == "/" } ?? false
    let bare = ConfigurationNode(content: .scalar(text: text, isQuoted: false))
    let isPlain = isWord && startsWell && !bare.isNull
    return isPlain ? bare : ConfigurationNode(content: .scalar(text: text, isQuoted: true))
  }

  /// The text between double quotes, with YAML's escapes.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20 || (0x7f...0xa0).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
