extension StudyPage {
  /// What went wrong.
  var failures: Markup? {
    let rows = runs.compactMap { run, state, directory -> [ReportCell]? in
      guard case .failed(let message) = state else { return nil }
      return [
        ReportCell(text: run.cell), ReportCell(text: "\(run.seed)"),
        ReportCell(text: message, style: "left wide"),
        ReportCell(text: "log", link: "\(directory)/\(StudyJob.log)"),
      ]
    }
    guard !rows.isEmpty else { return nil }
    return Page.section(
      "Failures",
      "Runs that ended with an error; the next call tries them again.",
      Page.table(["cell", "seed", "error", ""], rows)
    )
  }

  /// What the budget sets, and where the values come from.
  var budget: Markup? {
    guard !study.settings.isEmpty else { return nil }
    let rows = study.settings.map { setting in
      [
        ReportCell(text: setting.key), ReportCell(text: setting.value, style: "left wide"),
        ReportCell(text: setting.label?.rawValue ?? "", style: "left"),
      ]
    }
    return Page.section(
      "Settings of the budget",
      """
      Published: stands in the publication. Inferred: follows from published numbers. Ours: this \
      project's choice. Each run's own configuration lies in its directory.
      """,
      Page.table(["key", "value", "label"], rows)
    )
  }

  /// The runs with links to their reports.
  var list: Markup? {
    let rows = runs.map { run, state, directory in
      let isFinished = state == .finished
      return [
        ReportCell(text: run.cell), ReportCell(text: "\(run.seed)"),
        ReportCell(
          text: isFinished ? "report" : state.word,
          link: isFinished ? "\(directory)/report.html" : nil
        ),
        ReportCell(text: directory, style: "left"),
      ]
    }
    return Page.section(
      "Runs",
      "The end of a directory's name is the identity of its configuration and data.",
      Page.table(["cell", "seed", "", "directory"], rows)
    )
  }
}
