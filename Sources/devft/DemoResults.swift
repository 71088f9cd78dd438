import DevFTEvaluation
import DevFTFederation
import DevFTRuntime

/// What the base model and both runs of the demo reached and cost.
struct DemoResults {
  private let prompts: [String]
  private let matches: [(name: String, match: AnswerMatch)]
  private let summaries: [String: RunSummary]
  private let baseLoss: Double?

  /// Answers the held-out requests with the base model, and reads what the runs answered.
  init(_ configuration: RunConfiguration, runs: [(name: String, directory: RunDirectory)]) throws {
    let answers = try HeldOutAnswers(configuration, count: configuration.eval.generate)
    prompts = answers.prompts
    var matches = [("base model", try answers.answers(adapter: nil))]
    var summaries: [String: RunSummary] = [:]
    for run in runs {
      let match = try run.directory.answers()
      matches.append(
        (run.name, try match ?? answers.answers(adapter: run.directory.path("adapter")))
      )
      summaries[run.name] = try run.directory.summary()
    }
    self.matches = matches
    self.summaries = summaries
    // Runs of another precision measure another base.
    baseLoss = runs.first.flatMap { summaries[$0.name]?.baseLoss }
  }

  /// One row a model, for the report.
  var rows: [ReportResult] {
    matches.map { name, match in
      var row = ReportResult(method: name)
      let summary = summaries[name]
      row.heldOutLoss = summary.map(\.finalLoss) ?? baseLoss
      row.exactMatch = match.exactShare
      row.seconds = summary?.computeSeconds
      row.bytesUp = summary?.bytes.up
      row.bytesDown = summary?.bytes.down
      row.peakMemory = summary?.peakBytes
      return row
    }
  }

  /// The comparison as a table in Markdown.
  var table: String {
    let cells = rows.map(cells)
    let head = [
      "", "held-out loss", "exact match", "device time", "bytes up", "bytes down", "peak memory",
    ]
    return TextTable(head: head, rows: cells).markdown
  }

  private func cells(_ row: ReportResult) -> [String] {
    [
      row.method,
      NumberText.fixed(row.heldOutLoss, decimals: 4),
      NumberText.percent(row.exactMatch),
      NumberText.seconds(row.seconds),
      NumberText.bytes(row.bytesUp),
      NumberText.bytes(row.bytesDown),
      NumberText.bytes(row.peakMemory),
    ]
  }

  /// Some requests with the answers of all models, those first in which the models differ.
  func answers(_ count: Int) -> [ReportAnswer] {
    let differing = prompts.indices.filter { index in
      Set(matches.map { $0.match.answers[index] }).count > 1
    }
    return (differing + prompts.indices.filter { !differing.contains($0) }).prefix(count).map {
      index in
      ReportAnswer(
        prompt: prompts[index],
        expected: matches[0].match.expected[index],
        outputs: matches.map { ReportAnswer.Output(method: $0.name, text: $0.match.answers[index]) }
      )
    }
  }

  /// What fits a line of a terminal.
  private static func firstWords(of text: String) -> String {
    let line = text.split(separator: "\n").first.map(String.init) ?? ""
    return line.count <= 100 ? line : line.prefix(99) + "…"
  }

  /// The same as plain text.
  func samples(_ count: Int) -> String {
    answers(count).map { answer in
      let lines = answer.outputs.map { output in
        "  \(output.method): \(Self.firstWords(of: output.text))"
      }
      return
        ([
          Self.firstWords(of: answer.prompt),
          "  expected: \(Self.firstWords(of: answer.expected ?? ""))",
        ]
        + lines)
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
