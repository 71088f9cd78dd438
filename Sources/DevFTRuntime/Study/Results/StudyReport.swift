/// Gathers a study's finished runs into its tables and page.
public struct StudyReport: Sendable {
  private let table: StudyTable
  private let ratios: StudyRatios?
  private let tuning: StudyTuning?
  private let page: StudyPage

  /// Reads the runs.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - directory: Its directory.
  /// - Throws: `RunError` when a file of a finished run is missing or broken.
  public init(_ study: Study, directory: StudyDirectory) throws {
    let runs = study.runs.map { run in
      (run: run, state: directory.state(of: run), directory: directory.name(of: run))
    }
    let results = try runs.filter { $0.state == .finished }.map { run, _, name in
      try StudyResult(run, directory: RunDirectory(directory.path(name)))
    }
    table = StudyTable(
      cells: study.cells,
      seeds: study.seeds,
      target: study.target,
      results: results
    )
    ratios = StudyRatios(table, target: study.target, results: results)
    tuning = study.tuning
    let curves = study.cells.map { cell in
      StudyCurve(cell: cell, results: results.filter { $0.cell == cell })
    }
    page = StudyPage(study: study, table: table, ratios: ratios, curves: curves, runs: runs)
  }

  /// The table for a terminal.
  public var text: String { tables.map(\.text).joined(separator: "\n\n") }

  /// The results, what they are beside the reference, and the choice from the grid.
  private var tables: [TextTable] {
    [table.texts] + [ratios?.table, tuning?.table].compactMap(\.self)
  }

  /// Writes `table.md`, `table.csv`, `table.tex` and `index.html`.
  ///
  /// - Parameter directory: The study's directory.
  /// - Throws: `FormatError` when a file cannot be written.
  public func write(to directory: StudyDirectory) throws {
    try directory.write(tables.map { $0.markdown + "\n" }.joined(separator: "\n"), to: "table.md")
    try directory.write(table.csv, to: "table.csv")
    try directory.write(table.latex, to: "table.tex")
    try directory.write(page.html, to: "index.html")
  }
}
