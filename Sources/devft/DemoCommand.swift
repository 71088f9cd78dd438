import ArgumentParser
import DevFTEvaluation
import DevFTRuntime
import Foundation

/// The same federation with and without stages, side by side.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract:
      "Run a configuration with stages (DevFT) and without (FedIT), and others beside them.",
    discussion: "A run that is there already is not run again; one that was stopped goes on."
  )

  @Argument(help: "Configuration file; it must have held-out examples and stages.")
  var config: String

  @Option(help: "Another configuration to run on the same data, called by the name of its file.")
  var beside: [String] = []

  @Option(name: .customLong("set"), help: "Override a key in all runs: --set federation.rounds=8")
  var overrides: [String] = []

  @Option(name: .customLong("out"), help: "Directory for the runs and the report.")
  var output = "runs/demo"

  /// One of the runs.
  private struct Variant {
    let name: String
    let config: String
    let directory: RunDirectory
    let overrides: [String]
  }

  private var variants: [Variant] {
    let own = [("FedIT", config, "fedit", ["stages=null"]), ("DevFT", config, "devft", [])]
    let others = beside.map { file in
      let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
      return (name, file, name, [String]())
    }
    return (own + others).map { name, config, folder, extra in
      Variant(
        name: name,
        config: config,
        directory: RunDirectory("\(output)/\(folder)"),
        overrides: overrides + extra
      )
    }
  }

  func validate() throws {
    let folders = variants.map(\.directory.url.lastPathComponent)
    guard Set(folders).count == folders.count else {
      throw ValidationError("--beside: expected files with names of their own, got \(folders)")
    }
  }

  func run() throws {
    let configuration = try RunConfiguration.load(file: config, overrides: overrides)
    guard configuration.stages != nil, configuration.data.eval != nil,
      configuration.eval.generate > 0
    else {
      throw ValidationError("\(config): expected stages, data.eval and eval.generate of at least 1")
    }
    try checkData(configuration)
    for variant in variants { try finish(variant) }
    note("answering \(configuration.eval.generate) held-out requests with the base model")
    let results = try DemoResults(
      configuration,
      runs: variants.map { ($0.name, $0.directory) }
    )
    print(results.table)
    print("\n" + results.samples(3))
    var report = try RunReport(
      title: variants.dropFirst().map(\.name).joined(separator: ", ") + " beside FedIT",
      configuration: configuration,
      runs: variants.map { RunReport.Run(name: $0.name, directory: $0.directory) }
    )
    report.data.results = results.rows
    report.data.answers = results.answers(8)
    let page = RunDirectory(output).path("report.html")
    try Data(ReportPage(report.data).html.utf8).write(
      to: URL(fileURLWithPath: page),
      options: .atomic
    )
    print("adapter  \(variants[1].directory.path("adapter"))\nreport   \(page)")
  }

  /// One table holds only runs of one model on the same rows.
  private func checkData(_ configuration: RunConfiguration) throws {
    for file in beside {
      let other = try RunConfiguration.load(file: file, overrides: overrides)
      guard other.model == configuration.model, other.data == configuration.data,
        other.eval.generate == configuration.eval.generate
      else {
        throw ValidationError("\(file): expected model, data and eval.generate of \(config)")
      }
    }
  }

  /// Runs a variant in a process of its own, so that its peak memory is its own.
  private func finish(_ variant: Variant) throws {
    let wanted = try RunConfiguration.load(file: variant.config, overrides: variant.overrides)
    let configured = variant.directory.path("config.resolved.yaml")
    let found = FileManager.default.contents(atPath: configured)
    if let found, String(decoding: found, as: UTF8.self) != wanted.resolvedYAML {
      throw RunError(
        .directory,
        "\(variant.directory.url.path): holds a run of another configuration; remove it or choose "
          + "another --out"
      )
    }
    if FileManager.default.fileExists(atPath: variant.directory.path("eval/final.json")) {
      return note("\(variant.name): found the finished run in \(variant.directory.url.path)")
    }
    note("\(variant.name): \(wanted.federation.rounds) rounds")
    let start =
      found == nil
      ? ["simulate", variant.config, "--out", variant.directory.url.path]
        + variant.overrides.flatMap { ["--set", $0] }
      : ["simulate", "--resume", variant.directory.url.path]
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = start
    process.standardOutput = FileHandle.standardError
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
  }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
