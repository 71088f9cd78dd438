extension Study {
  /// Reads a study and lays out its runs.
  ///
  /// What the base says is overlaid by the budget, that by the cell, that by the varied values.
  ///
  /// - Parameters:
  ///   - file: Path of the YAML file.
  ///   - budget: Name of a budget; needed when the study has any.
  /// - Returns: The study, every run's configuration checked.
  /// - Throws: `ConfigurationError` that names file, line and key.
  public static func load(file: String, budget: String?) throws(ConfigurationError) -> Study {
    let written = try StudyFile(file)
    let extent = try written.budget(budget)
    let cells = try written.expandedCells()
    var digests: [String: String] = [:]
    func digest(_ path: String) -> String {
      let known = digests[path] ?? StudyRun.digest(of: path)
      digests[path] = known
      return known
    }
    let seeds = try seeds(written, extent)
    var runs: [StudyRun] = []
    for cell in cells {
      let configuration = try configuration(of: cell, written, extent)
      for seed in seeds {
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
      runs: runs
    )
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
    _ written: StudyFile,
    _ extent: StudyFile.Budget
  ) throws(ConfigurationError) -> RunConfiguration {
    var root = written.base
    root.overlay(extent.overlay.tree)
    root.overlay(cell.overlay.tree)
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
