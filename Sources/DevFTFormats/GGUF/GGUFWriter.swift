import Foundation

/// Writes GGUF files, version 3: header first, then the tensors one by one.
enum GGUFWriter {
  /// A tensor to come.
  struct Announcement {
    /// Name in the file.
    var name: String
    /// Length of each axis, outermost first.
    var shape: [Int]
    /// How its numbers are stored.
    var type: StorageType

    /// Bytes of the tensor.
    var byteCount: Int { type.byteCount(of: shape.reduce(1, *)) }
  }

  /// Every tensor starts at a multiple of this, counted from the end of the header.
  private static let alignment = 32

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - fields: The metadata, in the order in which it is written; no `general.alignment`.
  ///   - tensors: The tensors in their order.
  ///   - file: Receives the bytes.
  ///   - contents: Writes the bytes of the tensor of an index, as many as announced.
  /// - Throws: `FormatError` with code `unwritable`, or what `contents` throws.
  static func write(
    _ fields: [GGUFField],
    _ tensors: [Announcement],
    to file: OutputFile,
    contents: (Int) throws -> Void
  ) throws {
    let header = header(fields, tensors)
    try file.write(header + padding(after: header.count))
    for index in tensors.indices {
      try contents(index)
      try file.write(padding(after: tensors[index].byteCount))
    }
  }

  private static func header(_ fields: [GGUFField], _ tensors: [Announcement]) -> Data {
    var header = Data("GGUF".utf8)
    header += UInt32(3).littleEndianBytes
    header += UInt64(tensors.count).littleEndianBytes + UInt64(fields.count).littleEndianBytes
    for field in fields {
      header += Array(encoding: field.key.utf8)
      header += field.bytes
    }
    var offset = 0
    for tensor in tensors {
      header += Array(encoding: tensor.name.utf8) + UInt32(tensor.shape.count).littleEndianBytes
      for length in tensor.shape.reversed() { header += UInt64(length).littleEndianBytes }
      header += tensor.type.ggufCode.littleEndianBytes + UInt64(offset).littleEndianBytes
      offset += tensor.byteCount + padding(after: tensor.byteCount).count
    }
    return header
  }

  private static func padding(after byteCount: Int) -> Data {
    Data(count: (alignment - byteCount % alignment) % alignment)
  }
}
