import Foundation

/// Reads JSON files into types, with errors of one line that name the key.
enum JSONFile {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - type: What it holds.
  ///   - path: The file.
  /// - Returns: The value.
  /// - Throws: `FormatError`.
  static func decode<Value: Decodable>(
    _ type: Value.Type,
    from path: String
  ) throws(FormatError) -> Value {
    try decode(type, from: MappedFile.contents(of: path), path: path)
  }

  /// Reads bytes.
  ///
  /// - Parameters:
  ///   - type: What they hold.
  ///   - contents: The bytes.
  ///   - path: Where they came from, for messages.
  /// - Returns: The value.
  /// - Throws: `FormatError`.
  static func decode<Value: Decodable>(
    _ type: Value.Type,
    from contents: Data,
    path: String?
  ) throws(FormatError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: contents)
    } catch DecodingError.keyNotFound(let key, let context) {
      let name = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      throw FormatError(.missing, path: path, "key \(name) is missing")
    } catch DecodingError.typeMismatch(let type, let context) {
      let name = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw FormatError(.malformed, path: path, "key \(name) is not of the type \(type)")
    } catch DecodingError.valueNotFound(let type, let context) {
      let name = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw FormatError(.malformed, path: path, "key \(name) is null, expected \(type)")
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      let name = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw FormatError(.malformed, path: path, "key \(name): \(context.debugDescription)")
    } catch {
      throw FormatError(.malformed, path: path, "this is no JSON")
    }
  }
}
