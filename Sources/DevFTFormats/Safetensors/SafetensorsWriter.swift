public import DevFTTensor
public import Foundation

/// Writes safetensors files: float32, names sorted by their UTF-8 bytes, one layout for one content.
///
/// Equal tensors and metadata give equal bytes, so files can be compared and hashed.
public enum SafetensorsWriter {
  /// Encodes tensors as the contents of a file.
  ///
  /// - Parameters:
  ///   - tensors: The tensors; any name but `__metadata__`.
  ///   - metadata: Free text by key; none by default.
  /// - Returns: The bytes.
  public static func encode(_ tensors: NamedTensors, metadata: [String: String] = [:]) -> Data {
    let named = tensors.names.compactMap { name in tensors[name].map { (name, $0) } }
    let header = header(
      of: named.map { ($0, "F32", $1.shape, 4 * $1.count) },
      metadata: metadata
    )
    var bytes = Data(capacity: 8 + header.utf8.count + 4 * tensors.parameterCount)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.utf8.count >> (8 * shift))) }
    bytes.append(contentsOf: header.utf8)
    for (_, tensor) in named {
      // SAFETY: The bytes are copied before the array can go. Every platform of Swift is
      // little-endian, like the format.
      unsafe tensor.elements.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Writes a file, whole or not at all.
  ///
  /// - Parameters:
  ///   - tensors: The tensors; any name but `__metadata__`.
  ///   - metadata: Free text by key; none by default.
  ///   - path: The file; replaced when it exists.
  /// - Throws: `FormatError` with code `unwritable`.
  public static func write(
    _ tensors: NamedTensors,
    metadata: [String: String] = [:],
    to path: String
  ) throws {
    try AtomicFile.write(encode(tensors, metadata: metadata), to: path)
  }

  /// The JSON header, padded with spaces so that the numbers start at a multiple of 8.
  static func header(
    of tensors: [(name: String, type: String, shape: [Int], byteCount: Int)],
    metadata: [String: String]
  ) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"\(SafetensorsHeader.metadataName)\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (name, type, shape, byteCount) in tensors {
      precondition(name != SafetensorsHeader.metadataName, "\(name) cannot name a tensor")
      let axes = shape.map(String.init).joined(separator: ",")
      let end = offset + byteCount
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(axes)],"
          + "\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    let json = "{\(members.joined(separator: ","))}"
    return json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
  }

  /// A JSON string literal.
  private static func quoted(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": literal += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
