import ArgumentParser
import DevFTEvaluation
import DevFTRuntime
import Foundation

/// The same federation with and without stages, side by side.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run a configuration with stages (DevFT) and without (FedIT) and compare them.",
    discussion: "A run that is there already is not run again; one that was stopped goes on."
  )

  @Argument(help: "Configuration file; it must have held-out examples and stages.")
  var config: String

  @Option(name: .customLong("set"), help: "Override a key in both runs: --set federation.rounds=8")
  var overrides: [String] = []

  @Option(name: .customLong("out"), help: "Directory for both runs and the report.")
  var output = "runs/demo"

  /// One of the two runs.
  private struct Variant {
    let name: String
    let directory: RunDirectory
    let overrides: [String]
  }

  private var variants: [Variant] {
    [("FedIT", "fedit", ["stages=null"]), ("DevFT", "devft", [])].map { name, folder, extra in
      Variant(
        name: name,
        directory: RunDirectory("\(output)/\(folder)"),
        overrides: overrides + extra
      )
    }
  }

  func run() throws {
    let configuration = try RunConfiguration.load(file: config, overrides: overrides)
    guard configuration.stages != nil, configuration.data.eval != nil,
      configuration.eval.generate > 0
    else {
      throw ValidationError("\(config): expected stages, data.eval and eval.generate of at least 1")
    }
    for variant in variants { try finish(variant) }
    note("answering \(configuration.eval.generate) held-out requests with the base model")
    let results = try DemoResults(
      configuration,
      runs: variants.map { ($0.name, $0.directory) }
    )
    print(results.table)
    print("\n" + results.samples(3))
    var report = try RunReport(
      title: "DevFT beside FedIT",
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

  /// Runs a variant in a process of its own, so that its peak memory is its own.
  private func finish(_ variant: Variant) throws {
    let wanted = try RunConfiguration.load(file: config, overrides: variant.overrides)
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
      ? ["simulate", config, "--out", variant.directory.url.path]
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
