/// The 256 printable characters by which byte-level tokenizers spell bytes (`Ġ` is a space).
///
/// - SeeAlso: `bytes_to_unicode` of <https://github.com/openai/gpt-2/blob/master/src/encoder.py>.
enum ByteAlphabet {
  /// The code point that spells each byte; all are below 324.
  static let codePoints: [UInt16] = {
    var next: UInt16 = 256
    return (0...255).map { byte in
      if isPrintable(byte) { return UInt16(byte) }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte that each code point below 324 spells, or -1.
  static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 324)
    for (byte, codePoint) in codePoints.enumerated() { bytes[Int(codePoint)] = Int16(byte) }
    return bytes
  }()

  private static func isPrintable(_ byte: Int) -> Bool {
    (0x21...0x7e).contains(byte) || (0xa1...0xac).contains(byte) || (0xae...0xff).contains(byte)
  }

  /// Spells bytes.
  ///
  /// - Parameter bytes: Any bytes.
  /// - Returns: UTF-8 of the spelling.
  static func spelling(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    var spelling: [UInt8] = []
    spelling.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      let codePoint = codePoints[Int(byte)]
      if codePoint < 0x80 {
        spelling.append(UInt8(codePoint))
      } else {
        spelling.append(0xc0 | UInt8(codePoint >> 6))
        spelling.append(0x80 | UInt8(codePoint & 0x3f))
      }
    }
    return spelling
  }

  /// Reads a spelling back.
  ///
  /// - Parameter spelling: UTF-8 of a token.
  /// - Returns: The bytes, or `nil` when a character spells no byte.
  static func bytes(of spelling: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(spelling.count)
    for scalar in String(decoding: spelling, as: UTF8.self).unicodeScalars {
      guard scalar.value < 324, bytes[Int(scalar.value)] >= 0 else { return nil }
      result.append(UInt8(bytes[Int(scalar.value)]))
    }
    return result
  }
}
