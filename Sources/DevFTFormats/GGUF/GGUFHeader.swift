import Foundation

/// All that stands before the tensor data of a GGUF file.
struct GGUFHeader {
  /// Format version, 2 or 3.
  let version: UInt32
  /// Metadata by key.
  let metadata: [String: GGUFValue]
  /// Keys in the order of the file, and where type and contents of each lie.
  let fieldPlaces: [(key: String, bytes: Range<Int>)]
  /// Tensors in the order of the file, each inside it.
  let tensors: [StoredTensor]

  /// A tensor as announced: where it lies depends on where the header ends.
  private struct Announcement {
    let name: String
    let shape: [UInt64]
    let type: StorageType
    let offset: UInt64
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - contents: The whole file.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`.
  init(_ contents: Data, path: String?) throws(FormatError) {
    var cursor = GGUFCursor(contents, path: path)
    version = try GGUFHeader.version(&cursor)
    let tensorCount = try cursor.count(of: "tensors", minimumByteCount: 24)
    (metadata, fieldPlaces) = try GGUFHeader.metadata(&cursor)
    var announcements: [Announcement] = []
    for _ in 0..<tensorCount { announcements.append(try GGUFHeader.announcement(&cursor)) }
    let alignment = try GGUFHeader.alignment(metadata, path: path)
    let padding = (alignment - UInt64(cursor.offset) % alignment) % alignment
    let start = UInt64(cursor.offset) + padding
    tensors = try announcements.map { announced throws(FormatError) in
      try GGUFHeader.place(announced, start, alignment, contents.count, path)
    }
  }

  private static func version(_ cursor: inout GGUFCursor) throws(FormatError) -> UInt32 {
    guard try cursor.integer(UInt32.self) == 0x4655_4747 else {
      throw cursor.failure(.malformed, "no GGUF signature")
    }
    let version = try cursor.integer(UInt32.self)
    guard version.byteSwapped > 16 else {
      throw cursor.failure(.unsupported, "big-endian numbers")
    }
    guard version == 2 || version == 3 else {
      throw cursor.failure(.unsupported, "GGUF version \(version) instead of 2 or 3")
    }
    return version
  }

  private static func metadata(
    _ cursor: inout GGUFCursor
  ) throws(FormatError) -> ([String: GGUFValue], [(key: String, bytes: Range<Int>)]) {
    // The smallest pair: an empty key, a type, one byte.
    let count = try cursor.count(of: "metadata pairs", minimumByteCount: 13)
    var metadata: [String: GGUFValue] = [:]
    var places: [(key: String, bytes: Range<Int>)] = []
    for _ in 0..<count {
      let key = try cursor.string()
      let start = cursor.offset
      guard metadata.updateValue(try cursor.value(), forKey: key) == nil else {
        throw cursor.failure(.malformed, "key \(key) is there twice,")
      }
      places.append((key, start..<cursor.offset))
    }
    return (metadata, places)
  }

  private static func announcement(_ cursor: inout GGUFCursor) throws(FormatError) -> Announcement {
    let name = try cursor.string()
    let axisCount = try cursor.integer(UInt32.self)
    guard axisCount <= 4 else {
      throw cursor.failure(.malformed, "tensor \(name) with \(axisCount) axes instead of up to 4")
    }
    var shape: [UInt64] = []
    for _ in 0..<axisCount { shape.insert(try cursor.integer(UInt64.self), at: 0) }
    let code = try cursor.integer(UInt32.self)
    guard let type = StorageType(ggufCode: code) else {
      throw cursor.failure(
        .unsupported,
        "tensor \(name) of type \(StorageType.ggufName(ofCode: code)), which is not read,"
      )
    }
    return Announcement(
      name: name,
      shape: shape,
      type: type,
      offset: try cursor.integer(UInt64.self)
    )
  }

  private static func alignment(
    _ metadata: [String: GGUFValue],
    path: String?
  ) throws(FormatError) -> UInt64 {
    guard let value = metadata["general.alignment"] else { return 32 }
    guard case .unsigned(let alignment) = value, alignment.nonzeroBitCount == 1,
      alignment <= 1 << 31
    else {
      throw FormatError(.malformed, path: path, "general.alignment is no power of two")
    }
    return alignment
  }

  private static func place(
    _ announced: Announcement,
    _ start: UInt64,
    _ alignment: UInt64,
    _ fileByteCount: Int,
    _ path: String?
  ) throws(FormatError) -> StoredTensor {
    let (offset, overflow) = start.addingReportingOverflow(announced.offset)
    guard announced.offset % alignment == 0, !overflow else {
      throw FormatError(
        .malformed,
        path: path,
        "tensor \(announced.name) at \(announced.offset), no multiple of \(alignment)"
      )
    }
    guard offset <= UInt64(fileByteCount) else {
      throw FormatError(
        .truncated,
        path: path,
        "tensor \(announced.name) at byte \(offset), the file ends at byte \(fileByteCount)"
      )
    }
    return try StoredTensor(
      announced.name,
      announced.shape,
      announced.type,
      at: Int(offset),
      of: fileByteCount,
      path: path
    )
  }
}
