extension StudyFile {
  /// A grid and the seed that chooses from it.
  struct Tuning {
    var seed: UInt64
    var points: [Cell]
  }

  /// Reads `tune: { seed: …, over: [{ name: …, set: { … } }, …] }`.
  ///
  /// - Parameter node: The mapping.
  /// - Returns: The grid.
  /// - Throws: `ConfigurationError` when a key is missing or a point stands there twice.
  static func tuning(_ node: ConfigurationNode) throws(ConfigurationError) -> Tuning {
    let values = try node.values(among: ["seed", "over"], path: ["tune"])
    guard let seed = values["seed"], let over = values["over"] else {
      let message = "expected a seed of its own and a list `over`, got \(node.sighting)"
      throw ConfigurationError(.missingKey, at: node.place, key: ["tune"], message)
    }
    let points = try cells(over, path: ["tune", "over"])
    var names: Set<String> = []
    for point in points where !names.insert(point.name).inserted {
      let message = "expected a name of its own for each point, got \"\(point.name)\" twice"
      throw ConfigurationError(.duplicateKey, at: point.place, key: ["tune", "over"], message)
    }
    return Tuning(seed: try seed.value(of: UInt64.self, path: ["tune", "seed"]), points: points)
  }

  /// Checks that no run that counts has the seed that settings were chosen by.
  func checkTuning(seeds: [UInt64]) throws(ConfigurationError) {
    guard let tuning, seeds.contains(tuning.seed) else { return }
    let message = "expected a seed that no run of the study has, got \(tuning.seed)"
    throw ConfigurationError(.contradiction, at: root.place, key: ["tune", "seed"], message)
  }
}
