import Foundation

/// All that stands before the tensor data of a safetensors file.
struct SafetensorsHeader {
  /// Free text by key.
  let metadata: [String: String]
  /// Tensors whose numbers are read, in the order of their bytes.
  let tensors: [StoredTensor]
  /// Type names of the tensors whose numbers are not read.
  let unreadTypes: [String: String]

  /// What the header says of one tensor.
  private struct Entry: Decodable {
    let dtype: String
    let shape: [UInt64]
    let data_offsets: [UInt64]
  }

  /// The header's JSON object: tensors and, under one reserved name, texts.
  private struct Contents: Decodable {
    struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    var metadata: [String: String] = [:]
    var entries: [(name: String, entry: Entry)] = []

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == SafetensorsHeader.metadataName {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries.append((key.stringValue, try container.decode(Entry.self, forKey: key)))
        }
      }
    }
  }

  /// The name that no tensor may have.
  static let metadataName = "__metadata__"

  /// Bytes of a number, by type name.
  private static let widths: [String: UInt64] = [
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "U16": 2, "I16": 2, "F16": 2,
    "BF16": 2, "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
  ]

  /// Reads a header and checks that the tensors fill the rest of the file without gap or overlap.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`.
  init(_ bytes: Data, path: String?) throws(FormatError) {
    let start = try SafetensorsHeader.byteCount(bytes, path: path)
    let text = bytes.dropFirst(8).prefix(start - 8)
    guard text.first == UInt8(ascii: "{"), let contents = SafetensorsHeader.decode(text) else {
      throw FormatError(.malformed, path: path, "the header is no JSON object of tensors")
    }
    metadata = contents.metadata
    let entries = contents.entries.sorted { SafetensorsHeader.precedes($0, $1) }
    var tensors: [StoredTensor] = []
    var unreadTypes: [String: String] = [:]
    var end: UInt64 = 0
    for (name, entry) in entries {
      let next = try SafetensorsHeader.end(of: entry, name, begin: end, path: path)
      guard next <= UInt64(bytes.count - start) else {
        throw FormatError(
          .truncated,
          path: path,
          "tensor \(name) ends at byte \(next) of the data, of which there are "
            + "\(bytes.count - start)"
        )
      }
      if let type = StorageType(safetensorsName: entry.dtype) {
        let offset = start + Int(end)
        tensors.append(
          try StoredTensor(name, entry.shape, type, at: offset, of: bytes.count, path: path)
        )
      } else {
        unreadTypes[name] = entry.dtype
      }
      end = next
    }
    guard end == UInt64(bytes.count - start) else {
      throw FormatError(
        .malformed,
        path: path,
        "the tensors take \(end) bytes, the file holds \(bytes.count - start)"
      )
    }
    self.tensors = tensors
    self.unreadTypes = unreadTypes
  }

  /// Length of the header and of the length itself.
  private static func byteCount(_ bytes: Data, path: String?) throws(FormatError) -> Int {
    guard bytes.count >= 8 else {
      throw FormatError(
        .truncated,
        path: path,
        "a safetensors file starts with 8 bytes, this one ends at byte \(bytes.count)"
      )
    }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw FormatError(
        .truncated,
        path: path,
        "a header of \(length) bytes is announced, the file ends at byte \(bytes.count)"
      )
    }
    return 8 + Int(length)
  }

  private static func decode(_ text: Data) -> Contents? {
    try? JSONDecoder().decode(Contents.self, from: text)
  }

  /// By position; empty tensors before the one that starts where they do.
  private static func precedes(
    _ one: (name: String, entry: Entry),
    _ other: (name: String, entry: Entry)
  ) -> Bool {
    if one.entry.data_offsets != other.entry.data_offsets {
      return one.entry.data_offsets.lexicographicallyPrecedes(other.entry.data_offsets)
    }
    return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }

  /// Checks one entry against its place and its shape.
  ///
  /// - Returns: Where it ends, counted like `begin` from the start of the data.
  private static func end(
    of entry: Entry,
    _ name: String,
    begin: UInt64,
    path: String?
  ) throws(FormatError) -> UInt64 {
    let offsets = entry.data_offsets
    guard offsets.count == 2, offsets[0] == begin, offsets[1] >= begin else {
      throw FormatError(
        .malformed,
        path: path,
        "tensor \(name) has the offsets \(offsets), expected to start at \(begin)"
      )
    }
    guard var expected = widths[entry.dtype] else {
      throw FormatError(.unsupported, path: path, "tensor \(name) of unknown type \(entry.dtype)")
    }
    for length in entry.shape {
      let (product, overflow) = expected.multipliedReportingOverflow(by: length)
      guard !overflow else {
        throw FormatError(.malformed, path: path, "tensor \(name) of shape \(entry.shape)")
      }
      expected = product
    }
    guard expected == offsets[1] - offsets[0] else {
      throw FormatError(
        .malformed,
        path: path,
        "tensor \(name) of type \(entry.dtype) and shape \(entry.shape) takes \(expected) bytes, "
          + "its offsets are \(offsets)"
      )
    }
    return offsets[1]
  }
}

extension StorageType {
  /// The type of a name in a safetensors file, or `nil` when its numbers are not read.
  fileprivate init?(safetensorsName name: String) {
    switch name {
    case "F32": self = .f32
    case "F16": self = .f16
    case "BF16": self = .bf16
    default: return nil
    }
  }
}
