public import Foundation

/// One metadata pair of a GGUF file as it is written.
///
/// Unlike `GGUFValue` it keeps the exact type and bytes, since readers ask for a key in one type only.
public struct GGUFField: Hashable, Sendable {
  /// The key.
  public let key: String
  /// Type number and contents, little-endian.
  public let bytes: Data

  /// Takes a pair as a file holds it.
  init(_ key: String, bytes: Data) {
    self.key = key
    self.bytes = bytes
  }

  private init(_ key: String, _ type: UInt32, _ contents: [UInt8]) {
    self.init(key, bytes: Data(type.littleEndianBytes + contents))
  }

  /// A pair of type STRING.
  static func text(_ key: String, _ value: String) -> GGUFField {
    GGUFField(key, 8, Array(encoding: value.utf8))
  }

  /// A pair of type UINT32.
  static func count(_ key: String, _ value: Int) -> GGUFField {
    GGUFField(key, 4, UInt32(clamping: value).littleEndianBytes)
  }

  /// A pair of type FLOAT32.
  static func real(_ key: String, _ value: Double) -> GGUFField {
    GGUFField(key, 6, Float(value).bitPattern.littleEndianBytes)
  }

  /// A pair of type BOOL.
  static func flag(_ key: String, _ value: Bool) -> GGUFField {
    GGUFField(key, 7, [value ? 1 : 0])
  }

  /// A pair of type ARRAY of STRING; each a text in UTF-8.
  static func texts(_ key: String, _ values: [some Collection<UInt8>]) -> GGUFField {
    array(key, of: 8, count: values.count, values.flatMap { Array(encoding: $0) })
  }

  /// A pair of type ARRAY of INT32.
  static func integers(_ key: String, _ values: [Int32]) -> GGUFField {
    array(key, of: 5, count: values.count, values.flatMap(\.littleEndianBytes))
  }

  /// A pair of type ARRAY of FLOAT32.
  static func reals(_ key: String, _ values: [Float]) -> GGUFField {
    array(key, of: 6, count: values.count, values.flatMap(\.bitPattern.littleEndianBytes))
  }

  private static func array(
    _ key: String,
    of type: UInt32,
    count: Int,
    _ contents: [UInt8]
  ) -> GGUFField {
    GGUFField(key, 9, type.littleEndianBytes + UInt64(count).littleEndianBytes + contents)
  }
}

extension FixedWidthInteger {
  /// The number's bytes, lowest first.
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}

extension [UInt8] {
  /// A string as GGUF keeps it: its length in 8 bytes, then its bytes.
  init(encoding text: some Collection<UInt8>) {
    self = UInt64(text.count).littleEndianBytes + Array(text)
  }
}
