extension StudyFile {
  /// The budget of a name.
  ///
  /// - Parameter name: The name; `nil` when none was asked for.
  /// - Returns: The budget; one that sets nothing for a study without any.
  /// - Throws: `ConfigurationError` when there is no such budget, or one must be chosen.
  func budget(_ name: String?) throws(ConfigurationError) -> Budget {
    let known = budgets.map(\.name).joined(separator: ", ")
    guard let name else {
      if budgets.isEmpty { return Budget() }
      throw ConfigurationError(
        .missingKey,
        at: root.place,
        key: ["budgets"],
        "expected --budget with one of \(known); got none"
      )
    }
    guard let node = budgets.first(where: { $0.name == name })?.node else {
      let hint = budgets.isEmpty ? "the study has none" : "known here: \(known)"
      let guess = NearestName.find(name, among: budgets.map(\.name)).map { "did you mean \($0)?" }
      throw ConfigurationError(
        .unknownKey,
        at: root.place,
        key: ["budgets", name],
        "unknown budget; \(guess ?? hint)"
      )
    }
    let path = ["budgets", name]
    let values = try node.values(among: ["set", "seeds", "target"], path: path)
    var budget = Budget()
    if let set = values["set"] { budget.overlay = try StudyOverlay(set, path: path + ["set"]) }
    budget.seeds = try Self.seeds(values["seeds"], path: path + ["seeds"])
    budget.target = try Self.target(values["target"], path: path + ["target"])
    if budget.target != nil, let reference {
      let message = "expected either a target or a reference, got both"
      throw ConfigurationError(.contradiction, at: reference.place, key: ["reference"], message)
    }
    return budget
  }

  /// The cells with every combination of the varied values, in the order of the file.
  ///
  /// - Throws: `ConfigurationError` when two have one name.
  func expandedCells() throws(ConfigurationError) -> [Cell] {
    var expanded = cells
    if cells.isEmpty {
      let name = variations.isEmpty ? "base" : ""
      expanded = [Cell(name: name, place: root.place, overlay: StudyOverlay())]
    }
    for variation in variations {
      var next: [Cell] = []
      for cell in expanded {
        for value in variation.values { next.append(try vary(cell, variation, value)) }
      }
      expanded = next
    }
    var names: Set<String> = []
    for cell in expanded where !names.insert(cell.name).inserted {
      let message = "expected a name of its own for each cell, got \"\(cell.name)\" twice"
      throw ConfigurationError(.duplicateKey, at: cell.place, key: ["cells"], message)
    }
    return expanded
  }

  private func vary(
    _ cell: Cell,
    _ variation: Variation,
    _ value: ConfigurationNode
  ) throws(ConfigurationError) -> Cell {
    var varied = cell
    let text = "\(title(of: variation)) \(value.inlineText)"
    varied.name = cell.name.isEmpty ? text : "\(cell.name), \(text)"
    if cells.isEmpty { varied.place = variation.place }
    let entry = ConfigurationNode.Entry(key: variation.key, place: variation.place, value: value)
    try varied.overlay.add(entry, path: ["vary", variation.key])
    return varied
  }

  /// The last word of a varied key, or all of it where another one ends alike.
  private func title(of variation: Variation) -> String {
    func last(_ key: String) -> String { String(key.split(separator: ".").last ?? "") }
    let alike = variations.count { last($0.key) == last(variation.key) }
    return alike == 1 ? last(variation.key) : variation.key
  }
}
