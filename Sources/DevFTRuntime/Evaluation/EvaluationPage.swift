import DevFTEvaluation

/// The page of an evaluation: numbers by task and group, and wrong answers to look at.
struct EvaluationPage {
  let summary: EvaluationSummary
  let results: [EvaluationResult]

  /// Wrong answers of each task that are shown.
  private static let shownCount = 40

  /// The whole file.
  var html: String {
    let model = summary.model.split(separator: "/").last.map(String.init) ?? summary.model
    return Page(
      title: "Evaluation of \(model)",
      subtitle: summary.adapter.map { "with the adapter \($0)" } ?? "without an adapter",
      settings: settings,
      sections: [overview]
        + results.flatMap { [groups(of: $0), wrongAnswers(of: $0)] }
        .compactMap(\.self)
    ).html
  }

  private var settings: [ReportData.Setting] {
    [
      .init(name: "precision", value: summary.precision),
      .init(name: "limit", value: summary.limit.map(String.init) ?? "none"),
      .init(name: "shots", value: summary.shots.map(String.init) ?? "as usual"),
      .init(name: "chat template", value: summary.chatTemplate ? "yes" : "no"),
    ]
  }

  private var overview: Markup {
    let rows = results.flatMap { result in
      result.metrics.map { metric in
        [ReportCell(text: result.task), ReportCell(text: metric.name)] + Self.cells(metric.estimate)
      }
    }
    return Page.section(
      "Results",
      "Means over samples with their standard errors.",
      Page.table(["task", "metric", "value", "standard error", "samples"], rows)
    )
  }

  private func groups(of result: EvaluationResult) -> Markup? {
    guard !result.groups.isEmpty else { return nil }
    let rows = result.groups.flatMap { group in
      group.metrics.map { metric in
        [ReportCell(text: group.name), ReportCell(text: metric.name)] + Self.cells(metric.estimate)
      }
    }
    return Page.section(
      "\(result.task) by group",
      "Subjects, sub-tasks, or several of them together.",
      Page.table(["group", "metric", "value", "standard error", "samples"], rows, isDense: true)
    )
  }

  private func wrongAnswers(of result: EvaluationResult) -> Markup? {
    let wrong = result.samples.filter { !$0.isRight }
    guard !wrong.isEmpty else { return nil }
    // Spread over the file, so that not one subject fills the page.
    let step = max(1, wrong.count / Self.shownCount)
    let shown = stride(from: 0, to: wrong.count, by: step).prefix(Self.shownCount).map { wrong[$0] }
    let cards = shown.map { sample in
      let place = sample.group.isEmpty ? sample.id : "\(sample.group), \(sample.id)"
      return ReportPage.card(
        ReportAnswer(
          prompt: "\(place): \(sample.question)",
          expected: sample.expected,
          outputs: [.init(method: "answered", text: sample.answer)]
        )
      )
    }
    return Page.section(
      "\(result.task): wrong answers",
      "\(shown.count) of \(wrong.count); all of them stand in samples/\(result.task).jsonl.",
      .tag("div", ["class": "answers"], cards)
    )
  }

  private static func cells(_ estimate: MeanEstimate) -> [ReportCell] {
    [
      ReportCell(text: NumberText.fixed(estimate.value, decimals: 4)),
      ReportCell(text: NumberText.fixed(estimate.standardError, decimals: 4)),
      ReportCell(text: String(estimate.count)),
    ]
  }
}
