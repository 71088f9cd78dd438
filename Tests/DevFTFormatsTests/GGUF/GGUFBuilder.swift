import Foundation

/// Writes GGUF files as they should be, and as they should not.
struct GGUFBuilder {
  /// A tensor to announce, dimensions innermost first as in the file.
  struct Announcement {
    var name: String
    var dimensions: [UInt64]
    var type: UInt32
    var offset: UInt64
  }

  var magic = Array("GGUF".utf8)
  var version: UInt32 = 3
  var tensorCount: UInt64?
  var pairCount: UInt64?
  /// Key, type number and encoded value.
  var pairs: [(key: String, type: UInt32, value: [UInt8])] = []
  var tensors: [Announcement] = []
  var alignment = 32
  var tensorData: [UInt8] = []

  /// Little-endian bytes of a number.
  static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  /// A string with its length.
  static func bytes(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }

  var contents: Data {
    var file = magic + Self.bytes(version)
    file += Self.bytes(tensorCount ?? UInt64(tensors.count))
    file += Self.bytes(pairCount ?? UInt64(pairs.count))
    for pair in pairs { file += Self.bytes(pair.key) + Self.bytes(pair.type) + pair.value }
    for tensor in tensors {
      file += Self.bytes(tensor.name) + Self.bytes(UInt32(tensor.dimensions.count))
      file += tensor.dimensions.flatMap { Self.bytes($0) }
      file += Self.bytes(tensor.type) + Self.bytes(tensor.offset)
    }
    if !tensors.isEmpty {
      file += Array(repeating: 0, count: (alignment - file.count % alignment) % alignment)
    }
    return Data(file + tensorData)
  }

  /// A file with one value of every type and two tensors.
  static var small: GGUFBuilder {
    var builder = GGUFBuilder()
    builder.pairs = [
      ("u8", 0, [200]), ("i8", 1, [200]), ("u16", 2, bytes(UInt16(60000))),
      ("i16", 3, bytes(Int16(-300))), ("u32", 4, bytes(UInt32(4_000_000_000))),
      ("i32", 5, bytes(Int32(-70000))), ("f32", 6, bytes(Float(0.1).bitPattern)),
      ("bool", 7, [1]), ("text", 8, bytes("naïve")),
      ("list", 9, bytes(UInt32(8)) + bytes(UInt64(2)) + bytes("a") + bytes("")),
      ("u64", 10, bytes(UInt64.max)), ("i64", 11, bytes(Int64.min)),
      ("f64", 12, bytes(0.1.bitPattern)), ("general.alignment", 4, bytes(UInt32(64))),
    ]
    builder.alignment = 64
    builder.tensors = [
      Announcement(name: "matrix", dimensions: [3, 2], type: 0, offset: 0),
      Announcement(name: "halves", dimensions: [2], type: 1, offset: 64),
    ]
    let numbers: [Float] = [1, -2, 0.5, 3, 1e-3, -0.25]
    builder.tensorData = numbers.flatMap { bytes($0.bitPattern) }
    builder.tensorData += Array(repeating: 0, count: 40) + bytes(UInt16(0x3c00))
    builder.tensorData += bytes(UInt16(0xc100))
    return builder
  }
}
