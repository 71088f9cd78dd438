/// A group of keys: a struct whose properties a table of keys reads and writes.
protocol ConfigurationSection: Equatable, Sendable {
  /// All defaults.
  static var standard: Self { get }
  /// The keys in the order of the resolved copy; a key may rely on those before it.
  static var keys: [ConfigurationKey<Self>] { get }
}

extension ConfigurationSection {
  /// Takes over what a mapping says; keys that it lacks keep their values.
  ///
  /// - Parameters:
  ///   - node: The mapping.
  ///   - path: Full key of this section.
  /// - Throws: `ConfigurationError` for the first key that is unknown, missing or out of range.
  mutating func read(_ node: ConfigurationNode, path: [String]) throws(ConfigurationError) {
    guard let entries = node.entries else {
      let message = "expected a section of keys ({} for its defaults), got \(node.sighting)"
      throw ConfigurationError(.wrongValue, at: node.place, key: path, message)
    }
    let keys = Self.keys
    for entry in entries where !keys.contains(where: { $0.name == entry.key }) {
      let guess = ConfigurationReference.suggestion(for: entry.key, among: keys.map(\.name), path)
      let message = "unknown key; \(guess)"
      throw ConfigurationError(.unknownKey, at: entry.place, key: path + [entry.key], message)
    }
    for key in keys {
      if let entry = entries.first(where: { $0.key == key.name }) {
        try key.read(&self, entry.value, path + [key.name])
      } else if let missing = key.required {
        let message = "expected \(missing.expectation): \(missing.meaning); got no such key"
        let full = path + missing.path
        throw ConfigurationError(.missingKey, at: node.place, key: full, message)
      }
    }
  }

  /// Every key with its value.
  var node: ConfigurationNode {
    let entries = Self.keys.map {
      ConfigurationNode.Entry(key: $0.name, place: .nowhere, value: $0.write(self))
    }
    return ConfigurationNode(content: .mapping(entries))
  }

  /// What the reference says of the keys.
  static var reference: [ConfigurationReference.Entry] {
    keys.map { key in
      ConfigurationReference.Entry(
        name: key.name,
        meaning: key.meaning,
        expectation: key.expectation,
        standard: key.write(standard).inlineText,
        isRequired: key.isRequired,
        children: key.children
      )
    }
  }
}
