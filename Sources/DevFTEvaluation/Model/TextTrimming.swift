extension Unicode.Scalar {
  /// Whether Python's `str.strip` takes the character off, which is what benchmarks are written with.
  package var isTrimmed: Bool {
    (0x1c...0x1f).contains(value) || properties.isWhitespace
  }
}

extension String {
  /// The text without white space at both ends.
  package var trimmed: String { trimmingStart.trimmingEnd }

  /// The text without white space at its start.
  package var trimmingStart: String {
    String(unicodeScalars.drop { $0.isTrimmed })
  }

  /// The text without white space at its end.
  package var trimmingEnd: String { String(unicodeScalars[..<endOfText]) }

  /// The white space at its end.
  package var trailingSpace: String { String(unicodeScalars[endOfText...]) }

  private var endOfText: String.Index {
    unicodeScalars.lastIndex { !$0.isTrimmed }.map { unicodeScalars.index(after: $0) }
      ?? startIndex
  }

  /// The text up to where another begins; all of it when the other does not occur.
  ///
  /// - Parameter other: The other text, not empty.
  /// - Returns: What stands before it.
  package func prefix(before other: String) -> String {
    let (bytes, sought) = (Array(utf8), Array(other.utf8))
    guard !sought.isEmpty, bytes.count >= sought.count else { return self }
    for start in 0...bytes.count - sought.count
    where bytes[start] == sought[0] && bytes[start..<start + sought.count].elementsEqual(sought) {
      return String(decoding: bytes[..<start], as: UTF8.self)
    }
    return self
  }
}
