import Foundation
import Testing
import _DevFTTestSupport

@Suite("Benchmarks during a run")
struct RunBenchmarkTests {
  private static let data = TinyChat.directory.deletingLastPathComponent()
    .appendingPathComponent("evaluation").path
  private static let tasks = ["mmlu", "truthfulqa_mc2"]

  private static func overrides(data: String = data) -> [String] {
    ["eval.tasks=[\(tasks.joined(separator: ", "))]", "eval.data_dir=\(data)", "eval.limit=2"]
  }

  private struct Summary: Decodable {
    struct Task: Decodable { var metrics: [String: Metric] }
    struct Metric: Decodable { var value: Double }
    var tasks: [String: Task]
  }

  private struct Final: Decodable { var benchmarks, base_benchmarks: [String: Double] }

  /// What `devft eval` says of the same questions.
  private func measured(_ run: TinyRun, adapter: String?) async throws -> [String: Double] {
    let scratch = try ScratchDirectory()
    try await Devft.expectSuccess(
      [
        "eval", "--model", TinyChat.model, "--precision", "f32", "--data-dir", Self.data,
        "--tasks", Self.tasks.joined(separator: ","), "--limit", "2", "--out",
        scratch.path("eval"),
      ] + (adapter.map { ["--adapter", $0] } ?? [])
    )
    let text = try scratch.text("eval/summary.json")
    let summary = try JSONDecoder().decode(Summary.self, from: Data(text.utf8))
    return summary.tasks.compactMapValues { $0.metrics["acc"]?.value }
  }

  @Test("every measured round has the numbers that devft eval gives; the summary shows them")
  func numbers() async throws {
    let run = try TinyRun()
    let outcome = try await Devft.expectSuccess(run.arguments(Self.overrides()))
    let rounds = try run.metrics().map { $0.withoutMeasurements["benchmarks"] }
    #expect(rounds.map { $0 != nil } == [false, true, false, true, false, true])
    let final = try run.json(Final.self, "eval/final.json")
    let last = try JSONDecoder().decode(
      [String: Double].self,
      from: Data(try #require(rounds[5]).utf8)
    )
    let after = try await measured(run, adapter: "\(run.directory)/adapter")
    let before = try await measured(run, adapter: nil)
    #expect(after.keys.sorted() == Self.tasks)
    #expect(final.benchmarks == after && last == after)
    #expect(final.base_benchmarks == before)
    // A share of probability moves with every step.
    #expect(before["truthfulqa_mc2"] != after["truthfulqa_mc2"])
    #expect(Set(rounds.compactMap(\.self)).count == 3)
    for task in Self.tasks { #expect(outcome.lines.contains { $0.hasPrefix(task) }) }
  }

  @Test("a resumed run finds the same questions or says that they have changed")
  func resumed() async throws {
    let scratch = try ScratchDirectory()
    let data = try scratch.copy(Self.data, to: "data")
    let run = try await TinyRun.finished(Self.overrides(data: data))
    try await Devft.expectSuccess(["simulate", "--resume", run.directory])
    let questions = "data/mmlu/mmlu_dev_test.jsonl"
    try scratch.write(try scratch.text(questions) + "\n", to: questions)
    let outcome = try await Devft.run(["simulate", "--resume", run.directory])
    #expect(outcome.status == 1)
    #expect(outcome.lastErrorLine.contains("the benchmarks' data has changed"))
  }

  @Test("a study's table has a column for each")
  func study() async throws {
    let study = try TinyStudy()
    let settings = Self.overrides().map { $0.replacing("=", with: ": ", maxReplacements: 1) }
    let cell = "{ name: FedIT, set: { \(settings.joined(separator: ", ")) } }"
    try await Devft.expectSuccess(study.arguments(cells: [cell], seeds: "[1]"))
    let head = try #require(try study.table().first)
    for task in Self.tasks {
      #expect(head.contains("\(task)_mean"))
      #expect(try study.text("table.md").contains(" \(task) |"))
    }
    #expect(!(try study.text("table.md").contains("ifeval")))
  }
}
