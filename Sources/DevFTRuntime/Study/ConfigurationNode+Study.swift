extension ConfigurationNode {
  /// The values of a mapping by key.
  ///
  /// - Parameters:
  ///   - names: The keys that may stand here.
  ///   - path: Full key of this mapping.
  /// - Returns: The values.
  /// - Throws: `ConfigurationError` when this is no mapping or a key is unknown.
  func values(
    among names: [String],
    path: [String]
  ) throws(ConfigurationError) -> [String: ConfigurationNode] {
    guard let entries else {
      let message = "expected a section of keys, got \(sighting)"
      throw ConfigurationError(.wrongValue, at: place, key: path, message)
    }
    for entry in entries where !names.contains(entry.key) {
      let guess = NearestName.find(entry.key, among: names).map { "did you mean \($0)?" }
      let message = "unknown key; \(guess ?? "known here: \(names.joined(separator: ", "))")"
      throw ConfigurationError(.unknownKey, at: entry.place, key: path + [entry.key], message)
    }
    // The YAML library refuses a key that stands twice.
    return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// The value of a key.
  ///
  /// - Parameters:
  ///   - type: What it must be.
  ///   - path: Full key.
  ///   - constraint: What it must meet beyond its type.
  /// - Returns: The value.
  /// - Throws: `ConfigurationError` when it is something else.
  func value<Value: ConfigurationValue>(
    of type: Value.Type,
    path: [String],
    _ constraint: ConfigurationConstraint<Value> = .any
  ) throws(ConfigurationError) -> Value {
    guard let value = Value.read(self), constraint.holds(value) else {
      let message = "expected \(Value.noun)\(constraint.phrase), got \(sighting)"
      throw ConfigurationError(.wrongValue, at: place, key: path, message)
    }
    return value
  }

  /// The items of a list that must not be empty.
  ///
  /// - Parameters:
  ///   - noun: What the items are, in words.
  ///   - path: Full key.
  /// - Returns: The items.
  /// - Throws: `ConfigurationError` when this is no list or an empty one.
  func items(_ noun: String, path: [String]) throws(ConfigurationError) -> [ConfigurationNode] {
    guard case .list(let items) = content, !items.isEmpty else {
      let message = "expected a list of \(noun), got \(sighting)"
      throw ConfigurationError(.wrongValue, at: place, key: path, message)
    }
    return items
  }
}
