/// What a cell, a budget or the command line sets over the base configuration.
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

  /// Adds a key of the command line, over the same of the file.
  ///
  /// - Parameter text: Such as `lora.rank=8`.
  /// - Throws: `ConfigurationError` when it is none, or sets the seed.
  mutating func add(override text: String) throws(ConfigurationError) {
    let node = try ConfigurationNode(override: text)
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts[0] != "seed" else { throw Self.seedRefusal(at: node.place, path: ["seed"]) }
    settings.removeAll { $0.key == parts[0] }
    settings.append(StudySetting(key: parts[0], value: parts.last ?? "", label: nil))
    tree.overlay(node)
  }

  private static func seedRefusal(at place: ConfigurationPlace, path: [String])
    -> ConfigurationError
  {
    let message = "expected no seed here: the study's seeds are those of every cell"
    return ConfigurationError(.contradiction, at: place, key: path, message)
  }

  /// Adds one key.
  mutating func add(
    _ entry: ConfigurationNode.Entry,
    path: [String]
  ) throws(ConfigurationError) {
    guard entry.key != "seed" else { throw Self.seedRefusal(at: entry.place, path: path) }
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
