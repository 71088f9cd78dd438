import Foundation

/// A study as its file says it, before cells and seeds are laid out.
struct StudyFile {
  /// Something with a name that sets keys.
  struct Cell {
    var name: String
    var place: ConfigurationPlace
    var overlay: StudyOverlay
  }

  /// A key with the values that it takes in turn.
  struct Variation {
    var key: String
    var place: ConfigurationPlace
    var values: [ConfigurationNode]
  }

  /// An extent of the study.
  struct Budget {
    var overlay = StudyOverlay()
    var seeds: [UInt64]?
    var target: Double?
  }

  var name: String
  var base: ConfigurationNode
  var cells: [Cell] = []
  var variations: [Variation] = []
  var seeds: [UInt64]?
  var target: Double?
  var reference: ConfigurationNode?
  var tuning: Tuning?
  var budgets: [(name: String, node: ConfigurationNode)] = []
  /// The whole file, for errors.
  var root: ConfigurationNode

  static let keys = [
    "name", "base", "cells", "vary", "tune", "seeds", "target", "reference", "budgets",
  ]

  /// Reads a file.
  ///
  /// - Parameter file: Path of the YAML file.
  /// - Throws: `ConfigurationError` that names file, line and key.
  init(_ file: String) throws(ConfigurationError) {
    root = try ConfigurationNode(file: file)
    let values = try root.values(among: Self.keys, path: [])
    name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    if let node = values["name"] { name = try node.value(of: String.self, path: ["name"]) }
    base = try Self.base(values["base"], root: root)
    if let node = values["cells"] { cells = try Self.cells(node, path: ["cells"]) }
    if let node = values["vary"] { variations = try Self.variations(node) }
    if let node = values["tune"] { tuning = try Self.tuning(node) }
    seeds = try Self.seeds(values["seeds"], path: ["seeds"])
    target = try Self.target(values["target"], path: ["target"])
    reference = values["reference"]
    if let node = values["budgets"] {
      guard let entries = node.entries, !entries.isEmpty else {
        let message = "expected names with what each sets, got \(node.sighting)"
        throw ConfigurationError(.wrongValue, at: node.place, key: ["budgets"], message)
      }
      budgets = entries.map { ($0.key, $0.value) }
    }
    if let reference, target != nil {
      let message = "expected either a target or a reference, got both"
      throw ConfigurationError(.contradiction, at: reference.place, key: ["reference"], message)
    }
  }

  /// A configuration, or the path of one.
  private static func base(
    _ node: ConfigurationNode?,
    root: ConfigurationNode
  ) throws(ConfigurationError) -> ConfigurationNode {
    guard let node else {
      let message = "expected a configuration, or the path of one; got no such key"
      throw ConfigurationError(.missingKey, at: root.place, key: ["base"], message)
    }
    guard let path = String.read(node) else {
      if node.entries != nil { return node }
      let message = "expected a configuration, or the path of one; got \(node.sighting)"
      throw ConfigurationError(.wrongValue, at: node.place, key: ["base"], message)
    }
    let folder = URL(fileURLWithPath: RunConfiguration.folder(of: node.place), isDirectory: true)
    return try ConfigurationNode(file: URL(fileURLWithPath: path, relativeTo: folder).path)
  }

  /// Names with what each sets.
  static func cells(
    _ node: ConfigurationNode,
    path: [String]
  ) throws(ConfigurationError) -> [Cell] {
    var cells: [Cell] = []
    for item in try node.items("items, each { name: …, set: { … } }", path: path) {
      let values = try item.values(among: ["name", "set"], path: path)
      guard let name = values["name"] else {
        let message = "expected a name for each item, got none"
        throw ConfigurationError(.missingKey, at: item.place, key: path + ["name"], message)
      }
      cells.append(
        Cell(
          name: try name.value(of: String.self, path: path + ["name"]),
          place: item.place,
          overlay: try values["set"].map { node throws(ConfigurationError) in
            try StudyOverlay(node, path: path + ["set"])
          } ?? StudyOverlay()
        )
      )
    }
    return cells
  }

  private static func variations(
    _ node: ConfigurationNode
  ) throws(ConfigurationError) -> [Variation] {
    guard let entries = node.entries, !entries.isEmpty else {
      let message = "expected keys with lists of values, got \(node.sighting)"
      throw ConfigurationError(.wrongValue, at: node.place, key: ["vary"], message)
    }
    var variations: [Variation] = []
    for entry in entries {
      let values = try entry.value.items("values", path: ["vary", entry.key])
      variations.append(Variation(key: entry.key, place: entry.place, values: values))
    }
    return variations
  }

  /// Seeds, where there are any.
  static func seeds(
    _ node: ConfigurationNode?,
    path: [String]
  ) throws(ConfigurationError) -> [UInt64]? {
    guard let node else { return nil }
    return try node.value(of: [UInt64].self, path: path, .distinct())
  }

  /// A loss, where there is one.
  static func target(
    _ node: ConfigurationNode?,
    path: [String]
  ) throws(ConfigurationError) -> Double? {
    guard let node else { return nil }
    return try node.value(of: Double.self, path: path, .above(0))
  }
}
