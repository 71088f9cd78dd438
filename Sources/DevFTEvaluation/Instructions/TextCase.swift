extension Unicode.Scalar {
  /// Whether `\w` matches as NLTK has it: letters, marks, digits, connecting punctuation and joiners.
  ///
  /// - SeeAlso: Unicode Technical Standard 18, annex C, <https://unicode.org/reports/tr18/>.
  var isWordCharacter: Bool {
    if properties.isAlphabetic || value == 0x200c || value == 0x200d { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }
}

extension StringProtocol {
  /// Number of runs of word characters, as `\w+` finds them.
  var wordCount: Int {
    var (count, isInside) = (0, false)
    for scalar in unicodeScalars {
      let isWord = scalar.isWordCharacter
      count += isWord && !isInside ? 1 : 0
      isInside = isWord
    }
    return count
  }

  /// Whether there is a letter with case and all of them are capitals, as Python's `isupper` has it.
  var isAllCapitals: Bool {
    var found = false
    for scalar in unicodeScalars {
      let properties = scalar.properties
      if properties.isLowercase || properties.generalCategory == .titlecaseLetter { return false }
      found = found || properties.isUppercase
    }
    return found
  }

  /// Whether there is a letter with case and all of them are small, as Python's `islower` has it.
  var isAllSmall: Bool {
    var found = false
    for scalar in unicodeScalars {
      let properties = scalar.properties
      if properties.isUppercase || properties.generalCategory == .titlecaseLetter { return false }
      found = found || properties.isLowercase
    }
    return found
  }
}
