extension StringProtocol {
  /// At most a line of a text from outside, fit for a message: control characters become spaces.
  var excerpt: String {
    let line = String(
      prefix(300).map { $0.isNewline || $0.asciiValue.map { $0 < 32 } ?? false ? " " : $0 }
    )
    return line.count < count ? line + "…" : line
  }
}
