/// Text as a JSON string.
enum JSONText {
  /// Puts text between double quotes and escapes what JSON demands and nothing else.
  ///
  /// Foundation's encoder neither keeps the order of keys nor promises the same bytes on every
  /// platform, and the generated files are compared by their bytes.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
