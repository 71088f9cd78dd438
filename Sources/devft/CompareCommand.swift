import ArgumentParser
import DevFTCommandLine
import DevFTRuntime
import Foundation

/// A study: methods × seeds × settings, side by side.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Run the cells of a study with every seed and compare them.",
    discussion: """
      A run that is there already is not run again; one that was stopped goes on; one that failed is \
      listed and tried again by the next call. Ends with status 1 if any failed.
      """
  )

  @Argument(help: "Study file.")
  var study: String

  @Option(help: "Extent of the study, one of those it names.")
  var budget: String?

  @Option(
    name: .customLong("out"),
    help: "Directory for runs, tables and page; by default runs/ and the study's name and budget."
  )
  var output: String?

  @Option(
    name: .customLong("set"),
    help: "Set a key under all cells, over the budget's: --set data.path=mine.jsonl"
  )
  var overrides: [String] = []

  @Option(help: "Runs at a time; they share the cores.")
  var jobs = 1

  @Flag(help: "List the runs and how far each is; run nothing.")
  var list = false

  func validate() throws {
    guard jobs >= 1 else { throw ValidationError("--jobs: expected at least 1, got \(jobs)") }
  }

  func run() throws {
    var study = try Study.load(file: study, budget: budget, overrides: overrides)
    let parts = ["runs", study.name] + (budget.map { [$0] } ?? [])
    let directory = StudyDirectory(output ?? parts.joined(separator: "/"))
    study = study.tuned(from: directory)
    guard !list else { return print(table(study, directory)) }
    let display = StudyDisplay(isTerminal: isatty(2) == 1)
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    Interruption.watch()
    let runner = try StudyRunner(directory: directory, program: program, jobLimit: jobs)
    var isComplete = true
    if let tuning = study.tuning {
      // A trial may fail, as at a rate that is too high: then another point is chosen.
      _ = try runner.run(tuning.trials.map(\.run), report: display.show) { Interruption.hasCome }
      study = study.tuned(from: directory)
      isComplete = study.cells.allSatisfy { study.tuning?.best(of: $0) != nil }
    }
    if !Interruption.hasCome {
      let haveEnded = try runner.run(study.runs, report: display.show) { Interruption.hasCome }
      isComplete = isComplete && haveEnded
    }
    display.clear()
    let report = try StudyReport(study, directory: directory)
    try report.write(to: directory)
    print(report.text)
    print("page     \(directory.path("index.html"))")
    if Interruption.hasCome {
      display.note("stopped; the same command goes on")
      throw ExitCode(Interruption.status)
    }
    guard isComplete else { throw ExitCode.failure }
  }

  private func table(_ study: Study, _ directory: StudyDirectory) -> String {
    let trials = study.tuning?.trials.map(\.run) ?? []
    let rows = (trials + study.runs).map { run in
      [run.cell, "\(run.seed)", directory.state(of: run).word, directory.name(of: run)]
    }
    return TextTable(head: ["cell", "seed", "state", "directory"], rows: rows).text
  }
}
