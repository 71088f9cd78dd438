extension Study {
  /// Reads a study and lays out its runs.
  ///
  /// What the base says is overlaid by the budget, that by the overrides, that by the cell, that by the varied
  /// values, that by a point of the grid.
  ///
  /// - Parameters:
  ///   - file: Path of the YAML file.
  ///   - budget: Name of a budget; needed when the study has any.
  ///   - overrides: Texts such as `lora.rank=8`; a later one wins over an earlier one.
  /// - Returns: The study, every run's configuration checked.
  /// - Throws: `ConfigurationError` that names file, line and key.
  public static func load(
    file: String,
    budget: String?,
    overrides: [String] = []
  ) throws(ConfigurationError) -> Study {
    let written = try StudyFile(file)
    var extent = try written.budget(budget)
    for override in overrides { try extent.overlay.add(override: override) }
    let cells = try written.expandedCells()
    let seeds = try seeds(written, extent)
    try written.checkTuning(seeds: seeds)
    let digest = StudyRun.rememberedDigest()
    var runs: [StudyRun] = []
    for cell in cells {
      let configuration = try configuration(of: cell, at: nil, written, extent)
      for seed in written.tuning == nil ? seeds : [] {
        runs.append(
          StudyRun(cell: cell.name, seed: seed, configuration: configuration, digest: digest)
        )
      }
    }
    return Study(
      name: written.name,
      budget: budget,
      cells: cells.map(\.name),
      seeds: seeds,
      target: try target(written, extent, cells: cells.map(\.name)),
      settings: extent.overlay.settings,
      tuning: try written.tuning.map { grid throws(ConfigurationError) in
        try tuning(grid, cells: cells, written, extent, digest: digest)
      },
      runs: runs
    )
  }

  /// Every cell at every point of the grid.
  private static func tuning(
    _ grid: StudyFile.Tuning,
    cells: [StudyFile.Cell],
    _ written: StudyFile,
    _ extent: StudyFile.Budget,
    digest: (String) -> String
  ) throws(ConfigurationError) -> StudyTuning {
    var tuning = StudyTuning(seed: grid.seed, points: grid.points.map(\.name), trials: [])
    for cell in cells {
      for point in grid.points {
        let run = StudyRun(
          cell: "\(cell.name), \(point.name)",
          seed: grid.seed,
          configuration: try configuration(of: cell, at: point, written, extent),
          digest: digest
        )
        tuning.trials.append(StudyTuning.Trial(cell: cell.name, point: point.name, run: run))
      }
    }
    return tuning
  }

  /// The budget's, the study's, or the base's one.
  private static func seeds(
    _ written: StudyFile,
    _ extent: StudyFile.Budget
  ) throws(ConfigurationError) -> [UInt64] {
    if let seeds = extent.seeds ?? written.seeds { return seeds }
    guard let node = written.base.entries?.first(where: { $0.key == "seed" })?.value else {
      return [RunConfiguration.standard.seed]
    }
    return [try node.value(of: UInt64.self, path: ["base", "seed"])]
  }

  private static func configuration(
    of cell: StudyFile.Cell,
    at point: StudyFile.Cell?,
    _ written: StudyFile,
    _ extent: StudyFile.Budget
  ) throws(ConfigurationError) -> RunConfiguration {
    var root = written.base
    root.overlay(extent.overlay.tree)
    root.overlay(cell.overlay.tree)
    if let point { root.overlay(point.overlay.tree) }
    do {
      return try RunConfiguration(root, folder: RunConfiguration.folder)
    } catch {
      // The line may be of the base while the cause is in the cell.
      var named = error
      named.message += " (cell \(cell.name))"
      throw named
    }
  }

  private static func target(
    _ written: StudyFile,
    _ extent: StudyFile.Budget,
    cells: [String]
  ) throws(ConfigurationError) -> Target? {
    guard let node = written.reference else {
      return (extent.target ?? written.target).map { .loss($0) }
    }
    let name = try node.value(of: String.self, path: ["reference"])
    guard cells.contains(name) else {
      let guess = NearestName.find(name, among: cells).map { "did you mean \($0)?" }
      let message =
        "expected the name of a cell, got \"\(name)\"; "
        + (guess ?? "cells: \(cells.joined(separator: "; "))")
      throw ConfigurationError(.wrongValue, at: node.place, key: ["reference"], message)
    }
    return .reference(cell: name)
  }
}
