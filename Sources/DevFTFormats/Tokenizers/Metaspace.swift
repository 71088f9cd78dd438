/// The character `▁` (U+2581) by which SentencePiece spells a space.
enum Metaspace {
  /// UTF-8 of `▁`.
  static let spelling: [UInt8] = [0xe2, 0x96, 0x81]

  /// Spells spaces.
  ///
  /// - Parameter bytes: UTF-8.
  /// - Returns: The bytes, each U+0020 replaced by `▁`.
  static func replacingSpaces(in bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    for byte in bytes {
      if byte == 0x20 { result += spelling } else { result.append(byte) }
    }
    return result
  }

  /// Reads spelt spaces back.
  ///
  /// - Parameter spelling: UTF-8 of a token.
  /// - Returns: The bytes, each `▁` replaced by U+0020.
  static func restoringSpaces(in spelling: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = spelling.startIndex
    while index < spelling.endIndex {
      if spelling[index...].starts(with: Self.spelling) {
        result.append(0x20)
        index += 3
      } else {
        result.append(spelling[index])
        index += 1
      }
    }
    return result
  }

  /// The end of a word that is cut before each `▁`.
  ///
  /// - Parameters:
  ///   - start: Index of a scalar, below `end`.
  ///   - end: Index where the text ends.
  ///   - text: The text.
  /// - Returns: An index after `start`.
  static func wordEnd(from start: Int, to end: Int, in text: ScannedText) -> Int {
    var index = start + 1
    while index < end, !text[index..<index + 1].elementsEqual(spelling) { index += 1 }
    return index
  }
}
