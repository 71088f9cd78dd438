import DevFTRuntime
import Foundation
import Testing

@Suite("Committed configurations and their reference")
struct CommittedFilesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("are valid", arguments: ["demo", "alpaca-gpt4", "alpaca-gpt4-small"])
  func valid(name: String) throws {
    let file = Self.root.appendingPathComponent("configs/\(name).yaml").path
    let configuration = try RunConfiguration.load(file: file)
    #expect(configuration.federation.clients == 20)
    #expect(configuration.stages?.capacities?.count == 4)
  }

  @Test("the lean recipe stands beside the demo: the same model, rows and measurements")
  func lean() throws {
    let files = ["demo", "lean"].map { name in
      Self.root.appendingPathComponent("configs/\(name).yaml").path
    }
    let runs = try files.map { try RunConfiguration.load(file: $0) }
    #expect(runs[0].model == runs[1].model && runs[0].data == runs[1].data)
    #expect(runs[0].lora == runs[1].lora && runs[0].eval == runs[1].eval)
  }

  @Test(
    "the headline study compares on each of its data sets",
    arguments: ["tiny", "alpaca", "dolly"]
  )
  func headline(budget: String) throws {
    let file = Self.root.appendingPathComponent("studies/headline.yaml").path
    let study = try Study.load(file: file, budget: budget)
    #expect(study.target == .reference(cell: "FedIT") && study.seeds.count == 3)
    let tuning = try #require(study.tuning)
    #expect(tuning.trials.count == study.cells.count * tuning.points.count)
    // Only what the ablations name may differ from FedIT.
    let batches = Set(tuning.trials.map(\.run.configuration.local.batch))
    #expect(batches.count == 1 && Set(tuning.trials.map(\.run.configuration.lora.rank)).count == 1)
  }

  private static let studies = [
    "paper-main", "paper-efficiency", "paper-ablation-grouping", "paper-ablation-fusion",
    "paper-growth", "paper-compatibility", "methods", "non-iid", "scale-10k",
  ]

  @Test("studies are valid, and what their full budget sets is labelled", arguments: studies)
  func study(name: String) throws {
    let file = Self.root.appendingPathComponent("studies/\(name).yaml").path
    let tiny = try Study.load(file: file, budget: "tiny")
    #expect(tiny.name == name && tiny.cells.count >= 2)
    #expect(tiny.runs.allSatisfy { $0.configuration.model == "smollm2-135m-instruct" })
    let full = try Study.load(file: file, budget: "full")
    #expect(full.cells == tiny.cells && full.seeds.count >= 3)
    #expect(full.settings.allSatisfy { $0.label != nil })
  }

  @Test("docs/configuration.md is what `devft configuration` prints")
  func reference() throws {
    let page = Self.root.appendingPathComponent("docs/configuration.md")
    #expect(try String(contentsOf: page, encoding: .utf8) == ConfigurationReference.markdown)
  }
}
