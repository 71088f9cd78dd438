/// A piece of constant text in a Jinja template: outside all tags, or quoted inside one.
struct JinjaLiteral: Equatable {
  /// The text, its escapes resolved.
  var text: String
  /// The code between the last literal, or the start of the tag, and this one.
  var codeBefore: String
  /// The code between this literal and the next one, or the end of the tag.
  var codeAfter: String

  /// Finds all constant text of a template.
  ///
  /// - Parameter jinja: The template; it need not be valid.
  /// - Returns: The literals in their order.
  static func literals(of jinja: String) -> [JinjaLiteral] {
    var scanner = Scanner(rest: jinja.unicodeScalars[...])
    scanner.scan()
    return scanner.literals
  }

  private struct Scanner {
    var rest: Substring.UnicodeScalarView
    var literals: [JinjaLiteral] = []

    mutating func scan() {
      while !rest.isEmpty {
        if take("{#") {
          while !rest.isEmpty, !take("#}") { rest.removeFirst() }
        } else if take("{{") || take("{%") {
          scanTag()
        } else {
          scanOutside()
        }
      }
    }

    private mutating func take(_ start: String) -> Bool {
      guard rest.starts(with: start.unicodeScalars) else { return false }
      rest.removeFirst(start.unicodeScalars.count)
      return true
    }

    private mutating func scanOutside() {
      var text = String.UnicodeScalarView()
      repeat { text.append(rest.removeFirst()) } while !rest.isEmpty && !startsTag
      literals.append(JinjaLiteral(text: String(text), codeBefore: "", codeAfter: ""))
    }

    private var startsTag: Bool {
      ["{#", "{{", "{%"].contains { rest.starts(with: $0.unicodeScalars) }
    }

    private mutating func scanTag() {
      var code = String.UnicodeScalarView()
      var first = literals.count
      func close(_ literals: inout [JinjaLiteral]) {
        if first < literals.count { literals[literals.count - 1].codeAfter = String(code) }
      }
      while let scalar = rest.first {
        if take("}}") || take("%}") { break }
        rest.removeFirst()
        guard scalar == "'" || scalar == "\"" else {
          code.append(scalar)
          continue
        }
        close(&literals)
        literals.append(
          JinjaLiteral(text: quoted(until: scalar), codeBefore: String(code), codeAfter: "")
        )
        first = min(first, literals.count - 1)
        code.removeAll()
      }
      close(&literals)
    }

    private mutating func quoted(until quote: Unicode.Scalar) -> String {
      var text = String.UnicodeScalarView()
      while let scalar = rest.popFirst(), scalar != quote {
        guard scalar == "\\", let escaped = rest.popFirst() else {
          text.append(scalar)
          continue
        }
        switch escaped {
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "r": text.append("\r")
        default: text.append(escaped)
        }
      }
      return String(text)
    }
  }
}
