import Foundation

extension JSONValue {
  /// Reads a file that holds one JSON object.
  ///
  /// - Parameter path: The file.
  /// - Returns: The object.
  /// - Throws: `FormatError` that names the file and the byte that does not fit.
  static func object(contentsOf path: String) throws(FormatError) -> JSONValue {
    try object(try bytes(of: path), path: path)
  }

  /// Reads bytes that hold one JSON object.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - path: The file they came from, for messages.
  /// - Returns: The object.
  /// - Throws: `FormatError` that names the file and the byte that does not fit.
  package static func object(_ bytes: [UInt8], path: String?) throws(FormatError) -> JSONValue {
    let value: JSONValue
    do {
      value = try JSONParser.parse(bytes[...])
    } catch {
      throw FormatError(
        error.isTruncated ? .truncated : .malformed,
        path: path,
        "expected \(error.expected) at byte \(error.offset) of the JSON"
      )
    }
    guard case .object = value else {
      throw FormatError(.malformed, path: path, "expected a JSON object, found \(value.kind)")
    }
    return value
  }

  /// Reads a file.
  ///
  /// - Parameter path: The file.
  /// - Returns: Its bytes.
  /// - Throws: `FormatError` with code `missing` or `unreadable`.
  static func bytes(of path: String) throws(FormatError) -> [UInt8] {
    Array(try MappedFile.contents(of: path))
  }
}
