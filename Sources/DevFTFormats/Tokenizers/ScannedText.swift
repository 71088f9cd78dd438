/// Reading UTF-8 that is known to be valid.
enum UTF8Scanning {
  /// Number of bytes of a scalar.
  ///
  /// - Parameter byte: Its first byte.
  /// - Returns: 1 to 4.
  static func length(ofLeading byte: UInt8) -> Int {
    byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
  }
}

/// The classes of characters that pre-tokenizers tell apart.
enum CharacterClass: UInt8 {
  /// U+0020.
  case space
  /// Carriage return and line feed.
  case newline
  /// Any other character with the property White_Space.
  case whitespace
  /// General category L.
  case letter
  /// General category N.
  case number
  /// All the rest.
  case other

  /// Whether the character is white space of any kind.
  var isWhitespace: Bool { rawValue <= CharacterClass.whitespace.rawValue }

  /// Classifies a scalar.
  ///
  /// - Parameter scalar: Any scalar.
  init(_ scalar: Unicode.Scalar) {
    if scalar == " " {
      self = .space
    } else if scalar == "\n" || scalar == "\r" {
      self = .newline
    } else if scalar.properties.isWhitespace {
      self = .whitespace
    } else {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
        self = .letter
      case .decimalNumber, .letterNumber, .otherNumber:
        self = .number
      default:
        self = .other
      }
    }
  }
}

/// Text as its scalars' classes and places, for scanners.
struct ScannedText {
  /// UTF-8 of the text.
  let bytes: [UInt8]
  /// Offset of each scalar in `bytes`, and the end.
  let offsets: [Int]
  /// Class of each scalar.
  let classes: [CharacterClass]

  private static let asciiClasses: [CharacterClass] = (0..<128).map {
    CharacterClass(Unicode.Scalar(UInt8($0)))
  }

  /// Scans text.
  ///
  /// - Parameter bytes: Valid UTF-8.
  init(_ bytes: [UInt8]) {
    var offsets: [Int] = []
    var classes: [CharacterClass] = []
    offsets.reserveCapacity(bytes.count + 1)
    classes.reserveCapacity(bytes.count)
    var offset = 0
    while offset < bytes.count {
      let end = min(offset + UTF8Scanning.length(ofLeading: bytes[offset]), bytes.count)
      offsets.append(offset)
      classes.append(Self.characterClass(of: bytes, offset, end))
      offset = end
    }
    offsets.append(bytes.count)
    self.bytes = bytes
    self.offsets = offsets
    self.classes = classes
  }

  /// Classifies one scalar of valid UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - start: Offset of the first byte of the scalar.
  ///   - end: Offset after its last byte.
  /// - Returns: The class.
  static func characterClass(of bytes: [UInt8], _ start: Int, _ end: Int) -> CharacterClass {
    let first = bytes[start]
    if first < 0x80 { return asciiClasses[Int(first)] }
    var value = UInt32(first) & (0xff >> UInt32(end - start + 1))
    for index in start + 1..<end { value = value << 6 | UInt32(bytes[index] & 0x3f) }
    return Unicode.Scalar(value).map(CharacterClass.init) ?? .other
  }

  /// Number of scalars.
  var count: Int { classes.count }

  /// The bytes of some scalars.
  ///
  /// - Parameter range: Indices of scalars.
  subscript(range: Range<Int>) -> ArraySlice<UInt8> {
    bytes[offsets[range.lowerBound]..<offsets[range.upperBound]]
  }

  /// The first index from a place on whose scalar is not of a class.
  ///
  /// - Parameters:
  ///   - kind: The class.
  ///   - start: Where to begin.
  ///   - end: Where to stop.
  /// - Returns: An index in `start ... end`.
  func end(of kind: CharacterClass, from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, classes[index] == kind { index += 1 }
    return index
  }
}
