import DevFTRuntime
import Foundation

/// A part of a stage's file on its way to a client that does not hold the base model.
struct BasePart: Equatable, Sendable {
  /// SHA-256 of the whole file.
  var sha256: String
  /// Length of the whole file.
  var byteCount: Int
  /// Where the part starts.
  var offset: Int
  /// The bytes; none of an offer, which asks what the client has of the file.
  var bytes: Data

  /// Most bytes of a part: both sides and those between hold it in memory.
  static let largestByteCount = 32 << 20
}

extension RecordSet {
  private static let array = "part"

  /// What brings a client a part of a file.
  init(_ part: BasePart) {
    settings[RecordName.base] = [
      "version": .integer(RecordName.version),
      "sha256": .text(part.sha256),
      "bytes": .integer(Int64(part.byteCount)),
      "offset": .integer(Int64(part.offset)),
    ]
    arrays[RecordName.part] =
      part.bytes.isEmpty
      ? [:]
      : [
        Self.array: WireArray(
          dtype: "uint8",
          shape: [part.bytes.count],
          stype: WireArray.raw,
          data: part.bytes
        )
      ]
  }

  /// The part that came.
  ///
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func basePart() throws(FlowerError) -> BasePart {
    let record = try settings(RecordName.base)
    try record.checkVersion()
    let byteCount = try record.integer("bytes", in: 1...(1 << 40))
    return BasePart(
      sha256: try record.text("sha256"),
      byteCount: byteCount,
      offset: try record.integer("offset", in: 0...byteCount),
      bytes: arrays[RecordName.part]?[Self.array]?.data ?? Data()
    )
  }

  /// What a client answers: the bytes of the file that it has, from its start.
  init(storedByteCount: Int) {
    settings[RecordName.base] = [
      "version": .integer(RecordName.version), "stored": .integer(Int64(storedByteCount)),
    ]
  }

  /// The bytes that a client has.
  ///
  /// - Parameter byteCount: Length of the whole file.
  /// - Returns: At most that.
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func storedByteCount(of byteCount: Int) throws(FlowerError) -> Int {
    let record = try settings(RecordName.base)
    try record.checkVersion()
    return try record.integer("stored", in: 0...byteCount)
  }
}
