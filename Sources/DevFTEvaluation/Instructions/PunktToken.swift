/// One token of the Punkt splitter.
struct PunktToken {
  let text: String
  /// Small letters; numbers are all one type.
  let type: String
  var endsSentence = false
  var isAbbreviation = false
  var isEllipsis = false

  private static let number = TextPattern(own: #"^-?[\.,]?\d[\d,\.-]*\.?$"#)
  static let numberType = "##number##"

  init(_ text: String, parameters: PunktParameters) {
    self.text = text
    let small = text.lowercased()
    let isNumber = Self.number.occurs(in: small)
    type = isNumber ? Self.numberType : small
    if [".", "?", "!"].contains(text) {
      endsSentence = true
    } else if text.utf8.count > 1, text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") }) {
      isEllipsis = true
    } else if endsWithPeriod, !text.hasSuffix("..") {
      let bare = String(small.dropLast())
      let last = bare.split(separator: "-", omittingEmptySubsequences: false).last.map(String.init)
      isAbbreviation =
        parameters.abbreviations.contains(bare)
        || parameters.abbreviations.contains(last ?? bare)
      endsSentence = !isAbbreviation
    }
  }

  var endsWithPeriod: Bool { text.utf8.last == UInt8(ascii: ".") }

  var typeWithoutPeriod: String {
    type.utf8.count > 1 && type.utf8.last == UInt8(ascii: ".") ? String(type.dropLast()) : type
  }

  /// The type as it is known in the middle of a sentence.
  var typeInside: String { endsSentence ? typeWithoutPeriod : type }

  /// Whether it is one letter and a period.
  var isInitial: Bool {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count == 2, scalars[1] == "." else { return false }
    return scalars[0].isWordCharacter && scalars[0].properties.generalCategory != .decimalNumber
  }

  var beginsCapital: Bool { text.unicodeScalars.first?.properties.isUppercase ?? false }
  var beginsSmall: Bool { text.unicodeScalars.first?.properties.isLowercase ?? false }
}
