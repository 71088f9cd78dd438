/// One key of a section: the only place that knows its name, meaning, type, range and default.
///
/// Reading, the search for unknown keys, the resolved copy and the reference are all made from it.
struct ConfigurationKey<Section: ConfigurationSection> {
  /// The name as written in the file.
  var name: String
  /// What it sets, with its unit: a clause for the reference.
  var meaning: String
  /// What may stand there, in words.
  var expectation: String
  /// Whether a file without it is an error.
  var isRequired = false
  /// The keys below, when this is a section.
  var children: [ConfigurationReference.Entry] = []
  /// The key to ask for when this one is absent: itself, or a required one below it.
  var required: (path: [String], expectation: String, meaning: String)? {
    if isRequired { return ([name], expectation, meaning) }
    return children.first(where: \.isRequired).map {
      ([name, $0.name], $0.expectation, $0.meaning)
    }
  }
  /// Reads the value into a section.
  var read: (inout Section, ConfigurationNode, [String]) throws(ConfigurationError) -> Void
  /// Writes a section's value.
  var write: (Section) -> ConfigurationNode
}

extension ConfigurationKey {
  /// A key with a value that is always there.
  static func value<Value: ConfigurationValue>(
    _ name: String,
    _ property: WritableKeyPath<Section, Value>,
    _ constraint: ConfigurationConstraint<Value> = .any,
    isRequired: Bool = false,
    meaning: String
  ) -> Self {
    let expectation = Value.noun + constraint.phrase
    return Self(
      name: name,
      meaning: meaning,
      expectation: expectation,
      isRequired: isRequired,
      read: { (section, node, path) throws(ConfigurationError) in
        guard let value = Value.read(node), constraint.holds(value) else {
          throw wrongValue(node, path, expectation)
        }
        section[keyPath: property] = value
      },
      write: { $0[keyPath: property].node }
    )
  }

  /// A key whose value may be `null`.
  static func optional<Value: ConfigurationValue>(
    _ name: String,
    _ property: WritableKeyPath<Section, Value?>,
    _ constraint: ConfigurationConstraint<Value> = .any,
    meaning: String
  ) -> Self {
    let expectation = Value.noun + constraint.phrase + ", or null"
    return Self(
      name: name,
      meaning: meaning,
      expectation: expectation,
      read: { (section, node, path) throws(ConfigurationError) in
        let value = Value.read(node)
        guard node.isNull || value.map(constraint.holds) ?? false else {
          throw wrongValue(node, path, expectation)
        }
        section[keyPath: property] = node.isNull ? nil : value
      },
      write: { $0[keyPath: property]?.node ?? null }
    )
  }

  /// A section of keys.
  static func section<Child: ConfigurationSection>(
    _ name: String,
    _ property: WritableKeyPath<Section, Child>,
    meaning: String
  ) -> Self {
    Self(
      name: name,
      meaning: meaning,
      expectation: "a section of keys",
      children: Child.reference,
      read: { (section, node, path) throws(ConfigurationError) in
        try section[keyPath: property].read(node, path: path)
      },
      write: { $0[keyPath: property].node }
    )
  }

  /// A section of keys that may be absent.
  static func optionalSection<Child: ConfigurationSection>(
    _ name: String,
    _ property: WritableKeyPath<Section, Child?>,
    meaning: String
  ) -> Self {
    Self(
      name: name,
      meaning: meaning,
      expectation: "a section of keys ({} for its defaults), or null for none",
      children: Child.reference,
      read: { (section, node, path) throws(ConfigurationError) in
        var child = section[keyPath: property] ?? Child.standard
        if !node.isNull { try child.read(node, path: path) }
        section[keyPath: property] = node.isNull ? nil : child
      },
      write: { $0[keyPath: property]?.node ?? null }
    )
  }

  private static var null: ConfigurationNode {
    ConfigurationNode(content: .scalar(text: "null", isQuoted: false))
  }

  private static func wrongValue(
    _ node: ConfigurationNode,
    _ path: [String],
    _ expectation: String
  ) -> ConfigurationError {
    ConfigurationError(
      .wrongValue,
      at: node.place,
      key: path,
      "expected \(expectation), got \(node.sighting)"
    )
  }
}
