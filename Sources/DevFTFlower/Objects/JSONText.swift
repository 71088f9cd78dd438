import Foundation

/// The JSON in the bodies of objects.
enum JSONText {
  /// Encodes a body; equal values give equal bytes.
  static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// Decodes the body of an object.
  ///
  /// - Throws: `FlowerError` with code `malformed`.
  static func decode<Value: Decodable>(
    _ type: Value.Type,
    from body: Data,
    of id: ObjectID
  ) throws(FlowerError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: body)
    } catch {
      throw FlowerError(.malformed, "object \(id): its body is not the JSON of its kind")
    }
  }
}
