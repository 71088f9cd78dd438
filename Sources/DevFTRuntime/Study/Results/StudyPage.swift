/// The page of a study: its table, curves, settings and runs.
struct StudyPage {
  let study: Study
  let table: StudyTable
  let ratios: StudyRatios?
  let curves: [StudyCurve]
  /// The runs with their states and the directories below the page's own.
  let runs: [(run: StudyRun, state: StudyRunState, directory: String)]

  /// The whole file.
  var html: String {
    Page(
      title: study.name,
      subtitle: study.budget.map { "budget \($0)" } ?? "",
      settings: settings,
      sections: [results, beside, charts, tuning, failures, budget, list].compactMap(\.self)
    ).html
  }

  private var settings: [ReportData.Setting] {
    let finished = runs.count { $0.state == .finished }
    var settings = [
      ReportData.Setting(name: "cells", value: "\(study.cells.count)"),
      ReportData.Setting(
        name: "seeds",
        value: study.seeds.map { "\($0)" }.joined(separator: ", ")
      ),
      ReportData.Setting(name: "runs", value: "\(finished) of \(runs.count) finished"),
    ]
    if let target { settings.append(ReportData.Setting(name: "target", value: target)) }
    return settings
  }

  private var target: String? {
    switch study.target {
    case .loss(let loss): return "held-out loss \(NumberText.fixed(loss, decimals: 4))"
    case .reference(let cell):
      let loss = Statistic(table.targets.sorted { $0.key < $1.key }.map(\.value))
      let text = loss.map { ", " + StudyMeasure.Quantity.loss.text($0) } ?? ""
      return "what \(cell) ends at\(text)"
    case nil: return nil
    }
  }

  private var results: Markup? {
    let measures = table.measures
    guard !measures.isEmpty else { return nil }
    let best = Dictionary(
      uniqueKeysWithValues: measures.map { measure in
        (measure, measure.best(of: table.rows.compactMap { $0.values[measure]?.statistic?.mean }))
      }
    )
    let rows = zip(table.rows, table.texts.rows).map { row, texts in
      let styles = measures.map { measure in
        let mean = row.values[measure]?.statistic?.mean
        return mean != nil && mean == best[measure] ?? nil ? "best" : ""
      }
      return zip(texts, ["", ""] + styles).map { ReportCell(text: $0, style: $1) }
    }
    return Page.section(
      "Results",
      """
      Held-out losses of the full model; means over the seeds ± sample standard deviation. Device time: \
      training of all clients together. To target: up to the first measurement at least as good.
      """,
      Page.table(table.texts.head, rows, isDense: true)
    )
  }

  private var beside: Markup? {
    guard let ratios else { return nil }
    return section(
      "Beside \(ratios.reference)",
      """
      Shares of what the reference's run of the same seed needs; means over the seeds ± sample standard \
      deviation. Loss at equal time: less the reference's, when the one that ended sooner had ended.
      """,
      ratios.table
    )
  }

  private var tuning: Markup? {
    guard let tuning = study.tuning else { return nil }
    return section(
      "Tuning",
      """
      Held-out loss that each cell ends at, by point of the grid, with seed \(tuning.seed), which no other \
      run has. In brackets: the point that the cell's other runs have.
      """,
      tuning.table
    )
  }

  private func section(_ title: String, _ text: String, _ table: TextTable) -> Markup {
    let rows = table.rows.map { row in row.map { ReportCell(text: $0, style: "") } }
    return Page.section(title, text, Page.table(table.head, rows, isDense: true))
  }

  private var charts: Markup? {
    let points = curves.flatMap(\.points)
    guard !points.isEmpty else { return nil }
    let bytes = AxisUnit.bytes(upTo: points.map(\.bytes).max() ?? 0)
    let time = AxisUnit.time(upTo: points.map(\.seconds).max() ?? 0)
    let figures = [
      chart("Held-out loss by round", "round", xIsWhole: true) { Double($0.round) },
      chart("Held-out loss by bytes sent and received", bytes.name) { $0.bytes / bytes.factor },
      chart("Held-out loss by device time", time.name) { $0.seconds / time.factor },
    ]
    return Page.section(
      "Curves",
      "The full model. Lines: means over the seeds. Bands: from the lowest to the highest seed.",
      .tag("div", ["class": "charts"], figures)
    )
  }

  private func chart(
    _ title: String,
    _ xTitle: String,
    xIsWhole: Bool = false,
    at place: (StudyCurve.Point) -> Double
  ) -> Markup {
    let lines = curves.enumerated().map { index, curve in
      LineChart.Line(
        name: curve.cell,
        colour: index,
        points: curve.points.map { (x: place($0), y: $0.loss) },
        ranges: study.seeds.count > 1 ? curve.points.map(\.range) : []
      )
    }
    return LineChart(
      title: title,
      xTitle: xTitle,
      yTitle: "nats per token",
      lines: lines,
      xIsWhole: xIsWhole
    ).figure
  }
}
