/// Where a tensor lies in a file, and how.
public struct StoredTensor: Hashable, Sendable {
  /// Name in the file.
  public let name: String
  /// Length of each axis, outermost first.
  public let shape: [Int]
  /// How its numbers are stored.
  public let type: StorageType
  /// Offset of its first byte from the start of the file.
  public let byteOffset: Int
  /// Number of its bytes.
  public let byteCount: Int

  /// Number of its elements.
  public var count: Int { shape.reduce(1, *) }

  /// Where its bytes end.
  var byteEnd: Int { byteOffset + byteCount }

  /// Elements in one step along the outermost axis; 1 for a scalar.
  var rowLength: Int { shape.dropFirst().reduce(1, *) }

  /// Describes a tensor, with every product checked.
  ///
  /// - Parameters:
  ///   - name: Name in the file.
  ///   - shape: Length of each axis as announced, outermost first.
  ///   - type: How its numbers are stored.
  ///   - byteOffset: Offset from the start of the file, at most `fileByteCount`.
  ///   - fileByteCount: Length of the file.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError` with code `malformed` or `truncated`.
  init(
    _ name: String,
    _ shape: [UInt64],
    _ type: StorageType,
    at byteOffset: Int,
    of fileByteCount: Int,
    path: String?
  ) throws(FormatError) {
    guard let byteCount = StoredTensor.byteCount(shape: shape, type: type) else {
      throw FormatError(
        .malformed,
        path: path,
        "tensor \(name) cannot have the shape \(shape) in \(type.rawValue)"
      )
    }
    guard byteCount <= fileByteCount - byteOffset else {
      throw FormatError(
        .truncated,
        path: path,
        "tensor \(name) needs \(byteCount) bytes at byte \(byteOffset), "
          + "the file ends at byte \(fileByteCount)"
      )
    }
    self.name = name
    self.shape = shape.map { Int($0) }
    self.type = type
    self.byteOffset = byteOffset
    self.byteCount = byteCount
  }

  /// Bytes of a shape, or `nil` when they overflow or a row is no whole number of blocks.
  private static func byteCount(shape: [UInt64], type: StorageType) -> Int? {
    var bound = type.blockByteCount
    for length in shape {
      // An axis of length 0 counts as 1, so that the product of the other axes is checked too.
      guard let length = Int(exactly: max(length, 1)) else { return nil }
      let (product, overflow) = bound.multipliedReportingOverflow(by: length)
      guard !overflow else { return nil }
      bound = product
    }
    guard Int(shape.last ?? 1) % type.blockLength == 0 else { return nil }
    return shape.contains(0) ? 0 : bound / type.blockLength
  }
}
