/// A choice that a configuration names by a word.
public protocol StageOption: RawRepresentable, CaseIterable, Codable, Hashable, Sendable
where RawValue == String {}

extension KeyedDecodingContainer {
  /// Decodes a named choice, or keeps the default when the key is absent.
  ///
  /// - Throws: `StagesError` with code `invalidOption` that lists the known names.
  func option<Option: StageOption>(_ key: Key, default fallback: Option) throws -> Option {
    guard let word = try decodeIfPresent(String.self, forKey: key) else { return fallback }
    guard let option = Option(rawValue: word) else {
      let path = (codingPath + [key]).map(\.stringValue).joined(separator: ".")
      let known = Option.allCases.map(\.rawValue).joined(separator: ", ")
      throw StagesError(.invalidOption, "\(path): expected one of \(known); got \(word)")
    }
    return option
  }

  /// Decodes a value, or keeps the default when the key is absent.
  func value<Value: Decodable>(_ key: Key, default fallback: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? fallback
  }
}
