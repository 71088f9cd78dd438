/// Writes safetensors files whose tensors come piece by piece.
enum SafetensorsStream {
  /// A tensor to come.
  struct Announcement {
    /// Name in the file.
    var name: String
    /// Length of each axis, outermost first.
    var shape: [Int]
    /// F32, F16 or BF16.
    var type: StorageType

    /// Bytes of the tensor.
    var byteCount: Int { type.byteCount(of: shape.reduce(1, *)) }
  }

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - tensors: The tensors in their order.
  ///   - file: Receives the bytes.
  ///   - contents: Writes the bytes of one tensor, as many as announced.
  /// - Throws: `FormatError` with code `unwritable`, or what `contents` throws.
  static func write(
    _ tensors: [Announcement],
    to file: OutputFile,
    contents: (Announcement) throws -> Void
  ) throws {
    let header = SafetensorsWriter.header(
      of: tensors.map { ($0.name, $0.type.rawValue, $0.shape, $0.byteCount) },
      metadata: ["format": "pt"]
    )
    try file.write(UInt64(header.utf8.count).littleEndianBytes + Array(header.utf8))
    for tensor in tensors { try contents(tensor) }
  }
}
