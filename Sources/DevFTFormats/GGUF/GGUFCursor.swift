import Foundation

/// A reading position in the header of a GGUF file that never leaves the file.
struct GGUFCursor {
  private let bytes: Data
  private let path: String?
  /// Bytes read so far.
  private(set) var offset = 0

  /// Starts at the first byte.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: The file, for messages.
  init(_ bytes: Data, path: String?) {
    self.bytes = bytes
    self.path = path
  }

  /// Bytes not read yet.
  var remaining: Int { bytes.count - offset }

  /// Reads a little-endian number.
  ///
  /// - Parameter type: Its type.
  /// - Returns: The number.
  /// - Throws: `FormatError` with code `truncated`.
  mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) throws(FormatError) -> Number {
    let width = MemoryLayout<Number>.size
    try demand(UInt64(width))
    // SAFETY: `demand` has shown that `width` bytes lie at `offset`; any bits are a number.
    let number = unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: offset, as: Number.self)
    }
    offset += width
    return Number(littleEndian: number)
  }

  /// Reads a string: its length in 8 bytes, then its bytes; what is no UTF-8 is replaced.
  ///
  /// - Returns: The string.
  /// - Throws: `FormatError` with code `truncated`.
  mutating func string() throws(FormatError) -> String {
    let length = try integer(UInt64.self)
    try demand(length)
    // SAFETY: `demand` has shown that `length` bytes lie at `offset`; they are copied.
    let text = unsafe bytes.withUnsafeBytes { bytes in
      unsafe String(
        decoding: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)]),
        as: UTF8.self
      )
    }
    offset += Int(length)
    return text
  }

  /// Reads how many items follow, and refuses more than the rest of the file can hold.
  ///
  /// - Parameters:
  ///   - what: The items, for the message.
  ///   - minimumByteCount: Bytes of the smallest item.
  /// - Returns: The number of items.
  /// - Throws: `FormatError` with code `truncated`.
  mutating func count(of what: String, minimumByteCount: Int) throws(FormatError) -> Int {
    let count = try integer(UInt64.self)
    guard count <= UInt64(remaining / minimumByteCount) else {
      throw FormatError(
        .truncated,
        path: path,
        "\(count) \(what) are announced before byte \(offset), the file ends at byte \(bytes.count)"
      )
    }
    return Int(count)
  }

  /// An error about what was just read.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What was expected and what came.
  /// - Returns: The error, with path and position.
  func failure(_ code: FormatError.Code, _ message: String) -> FormatError {
    FormatError(code, path: path, "\(message) before byte \(offset)")
  }

  private func demand(_ byteCount: UInt64) throws(FormatError) {
    guard byteCount <= UInt64(remaining) else {
      throw FormatError(
        .truncated,
        path: path,
        "\(byteCount) bytes are expected at byte \(offset), the file ends at byte \(bytes.count)"
      )
    }
  }
}
