import ArgumentParser
import DevFTRuntime

/// What data are there.
struct EvalDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Show which files of the benchmarks are there."
  )

  @Option(help: "Directory of the benchmarks' files; docs/evaluation.md describes it.")
  var dataDir = "data"

  @Option(help: "Benchmarks, joined by commas; all without it.")
  var tasks: String?

  func run() throws {
    let tasks = try tasks.map(EvaluationTask.tasks) ?? EvaluationTask.allCases
    let data = EvaluationData(dataDir)
    var missing = 0
    for file in EvaluationData.File.allCases
    where tasks.contains(where: { $0.files.contains(file) }) {
      let path = data.find(file)
      missing += path == nil && file.substitute == nil ? 1 : 0
      print(path.map { "found    \($0)" } ?? absence(of: file))
    }
    if missing > 0 { throw ExitCode.failure }
  }

  private func absence(of file: EvaluationData.File) -> String {
    let path = "\(dataDir)/\(file.rawValue)"
    return file.substitute.map { "absent   \(path); \($0) takes its place" }
      ?? "missing  \(path), or with .gz"
  }
}
