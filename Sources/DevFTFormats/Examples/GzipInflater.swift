import CZlib

/// Unpacks gzip piece by piece; several members in a row are one text, as `gzip -d` has it.
///
/// Not safe to share between threads.
@safe
final class GzipInflater {
  private static let bufferSize = 65_536
  /// At a fixed address, which zlib remembers; owned by this object.
  private let stream: UnsafeMutablePointer<z_stream>
  private let path: String
  private var buffer = [UInt8](repeating: 0, count: GzipInflater.bufferSize)
  /// Whether the bytes so far end with a whole member.
  private var isWhole = false

  /// Prepares to unpack.
  ///
  /// - Parameter path: The file, for messages.
  /// - Throws: `FormatError` with code `unreadable` when zlib has no memory.
  init(path: String) throws(FormatError) {
    self.path = path
    // SAFETY: freed by deinit, and given to zlib alone.
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 16 asks for the gzip wrapper, 15 for the greatest window.
    // SAFETY: `stream` lives as long as this object, and zlib's state in it is freed by deinit.
    let status = unsafe inflateInit2_(
      stream,
      16 + 15,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    guard status == Z_OK else {
      throw FormatError(.unreadable, path: path, "zlib cannot start: code \(status)")
    }
  }

  deinit {
    // SAFETY: inflateInit2_ made the state, or left it empty, and nothing uses it any more.
    _ = unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  /// Unpacks the next bytes of the file.
  ///
  /// - Parameters:
  ///   - packed: The bytes.
  ///   - body: Called with unpacked bytes, several times if need be.
  /// - Throws: `FormatError` with code `malformed` when they are no gzip; whatever `body` throws.
  func inflate(_ packed: [UInt8], _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var consumed = 0
    while consumed < packed.count {
      if isWhole {
        // SAFETY: the state is valid; a reset keeps its memory.
        _ = unsafe inflateReset(stream)
        isWhole = false
      }
      let (taken, made) = try step(packed[consumed...])
      consumed += taken
      try body(buffer[..<made])
      // Neither more input nor more output: the rest waits inside zlib for the next bytes.
      if taken == 0, made == 0 { break }
    }
    while !isWhole {
      let (_, made) = try step([])
      if made == 0 { return }
      try body(buffer[..<made])
    }
  }

  /// Ends the file.
  ///
  /// - Throws: `FormatError` with code `truncated` when a member is incomplete.
  func finish() throws(FormatError) {
    guard isWhole else {
      throw FormatError(.truncated, path: path, "the gzip data end too early")
    }
  }

  private func step(_ input: ArraySlice<UInt8>) throws(FormatError) -> (taken: Int, made: Int) {
    var input = Array(input)
    let inputCount = input.count
    // SAFETY: both buffers outlive the call, and zlib gets their exact sizes.
    let status = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe buffer.withUnsafeMutableBufferPointer { output in
        unsafe stream.pointee.next_in = input.baseAddress
        unsafe stream.pointee.avail_in = UInt32(input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(output.count)
        return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    let taken = unsafe inputCount - Int(stream.pointee.avail_in)
    let made = unsafe Self.bufferSize - Int(stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END: isWhole = true
    case Z_OK, Z_BUF_ERROR: break
    default: throw FormatError(.malformed, path: path, "the gzip data are damaged")
    }
    return (taken, made)
  }
}
