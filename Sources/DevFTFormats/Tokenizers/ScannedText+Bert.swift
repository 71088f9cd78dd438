extension ScannedText {
  /// The end of BERT's word that begins at a place: a mark of punctuation, white space, or neither.
  ///
  /// - Parameters:
  ///   - start: Index of a scalar, below `end`.
  ///   - end: Index where the text ends.
  /// - Returns: An index after `start`.
  func bertWordEnd(from start: Int, to end: Int) -> Int {
    guard !isPunctuation(start) else { return start + 1 }
    let isSpace = classes[start].isWhitespace
    var index = start + 1
    while index < end, classes[index].isWhitespace == isSpace, !isPunctuation(index) { index += 1 }
    return index
  }

  /// Whether a scalar is one of ASCII's marks or of general category P.
  private func isPunctuation(_ index: Int) -> Bool {
    guard classes[index] == .other,
      let scalar = String(decoding: self[index..<index + 1], as: UTF8.self).unicodeScalars.first
    else { return false }
    if scalar.isASCII { return scalar.value > 0x20 && scalar.value < 0x7f }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }
}
