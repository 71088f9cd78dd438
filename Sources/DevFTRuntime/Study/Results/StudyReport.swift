/// Gathers a study's finished runs into its tables and page.
public struct StudyReport: Sendable {
  private let table: StudyTable
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
    let curves = study.cells.map { cell in
      StudyCurve(cell: cell, results: results.filter { $0.cell == cell })
    }
    page = StudyPage(study: study, table: table, curves: curves, runs: runs)
  }

  /// The table for a terminal.
  public var text: String { table.texts.text }

  /// Writes `table.md`, `table.csv`, `table.tex` and `index.html`.
  ///
  /// - Parameter directory: The study's directory.
  /// - Throws: `FormatError` when a file cannot be written.
  public func write(to directory: StudyDirectory) throws {
    try directory.write(table.markdown, to: "table.md")
    try directory.write(table.csv, to: "table.csv")
    try directory.write(table.latex, to: "table.tex")
    try directory.write(page.html, to: "index.html")
  }
}
