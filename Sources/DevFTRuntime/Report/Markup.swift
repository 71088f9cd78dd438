/// A piece of HTML or SVG whose text is escaped by construction.
///
/// Only a style sheet of the program's own enters unescaped; everything else goes through `text`
/// and the attributes, so that a prompt with `<script>` in it is shown and not run.
enum Markup: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  case text(String)
  case element(name: String, attributes: [(String, String)], children: [Markup])
  case group([Markup])
  case styleSheet(StaticString)

  init(stringLiteral value: String) { self = .text(value) }

  static func tag(
    _ name: String,
    _ attributes: KeyValuePairs<String, String> = [:],
    _ children: [Markup]
  ) -> Markup {
    .element(name: name, attributes: attributes.map { ($0.key, $0.value) }, children: children)
  }

  static func tag(
    _ name: String,
    _ attributes: KeyValuePairs<String, String> = [:],
    _ children: Markup...
  ) -> Markup {
    .element(name: name, attributes: attributes.map { ($0.key, $0.value) }, children: children)
  }

  /// The markup as text.
  var html: String {
    var result = ""
    render(into: &result)
    return result
  }

  private static let voidNames: Set = ["meta", "br", "rect", "line", "path", "circle"]

  private func render(into result: inout String) {
    switch self {
    case .text(let text): result += Self.escaped(text)
    case .group(let children): for child in children { child.render(into: &result) }
    case .styleSheet(let css): result += "<style>\(css)</style>"
    case .element(let name, let attributes, let children):
      result += "<" + name
      for (key, value) in attributes { result += " \(key)=\"\(Self.escaped(value))\"" }
      // SVG's childless elements may close themselves; HTML's void elements ignore the slash.
      if children.isEmpty, Self.voidNames.contains(name) {
        result += "/>"
        return
      }
      result += ">"
      for child in children { child.render(into: &result) }
      result += "</\(name)>"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Control characters are not allowed in HTML and would vanish: show that something stood there.
      case _ where scalar.value < 0x20 && !"\n\t".unicodeScalars.contains(scalar):
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
