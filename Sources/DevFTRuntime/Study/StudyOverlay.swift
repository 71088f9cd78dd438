/// What a cell or a budget sets over the base configuration.
struct StudyOverlay {
  /// The keys as a tree.
  var tree = ConfigurationNode(content: .mapping([]))
  /// The keys one by one, with their labels.
  var settings: [StudySetting] = []

  /// Sets nothing.
  init() {}

  /// Reads a mapping of full keys such as `lora.rank`, or of sections, to values.
  ///
  /// A value may be `{ value: 32, label: published }`.
  ///
  /// - Parameters:
  ///   - node: The mapping.
  ///   - path: Where it stands, for errors.
  /// - Throws: `ConfigurationError` for a value that is none, an unknown label, or the seed.
  init(_ node: ConfigurationNode, path: [String]) throws(ConfigurationError) {
    guard let entries = node.entries else {
      let message = "expected keys with values, such as lora.rank: 8; got \(node.sighting)"
      throw ConfigurationError(.wrongValue, at: node.place, key: path, message)
    }
    for entry in entries { try add(entry, path: path + [entry.key]) }
  }

  /// Adds one key.
  mutating func add(
    _ entry: ConfigurationNode.Entry,
    path: [String]
  ) throws(ConfigurationError) {
    guard entry.key != "seed" else {
      let message = "expected no seed here: the study's seeds are those of every cell"
      throw ConfigurationError(.contradiction, at: entry.place, key: path, message)
    }
    var value = entry.value
    var label: StudySetting.Label?
    let parts = value.entries ?? []
    if let labelled = parts.first(where: { $0.key == "value" }) {
      let keys = try value.values(among: ["value", "label"], path: path)
      label = try keys["label"].map { node throws(ConfigurationError) in
        try node.value(of: StudySetting.Label.self, path: path + ["label"])
      }
      value = labelled.value
    }
    settings.append(StudySetting(key: entry.key, value: value.inlineText, label: label))
    value.nest(under: entry.key, at: entry.place)
    tree.overlay(value)
  }
}
