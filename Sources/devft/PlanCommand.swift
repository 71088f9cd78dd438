import ArgumentParser
import DevFTRuntime
import Foundation

/// A dry run.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show stages, groups, bytes, operations and memory of a run."
  )

  @Argument(help: "Configuration file.")
  var config: String

  @Option(name: .customLong("set"), help: "Override a key: --set federation.rounds=8")
  var overrides: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let plan = try RunPlan(try RunConfiguration.load(file: config, overrides: overrides))
    guard json else { return print(table(plan)) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(plan), as: UTF8.self))
  }

  private func table(_ plan: RunPlan) -> String {
    let rows = plan.stages.map { stage in
      [
        "\(stage.stage)", "\(stage.capacity)", "\(stage.rounds)",
        ByteCountText.text(stage.loraBytes), ByteCountText.text(stage.baseBytes),
        "\(Int((stage.stepFLOPs / 1e9).rounded())) G", ByteCountText.text(stage.memoryBytes),
        stage.groups.map { "\($0.count)" }.joined(separator: " "),
      ]
    }
    let head = [
      "stage", "layers", "rounds", "LoRA one way", "base", "FLOPs a step", "memory", "group sizes",
    ]
    let mean = String(format: "%.1f", plan.meanTokens)
    return TextTable(head: head, rows: rows).text
      + "\n\(plan.examples) examples of \(mean) tokens on average, \(plan.clients) clients"
  }
}
