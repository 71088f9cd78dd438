import Foundation
import Testing

@Suite("eval.patience")
struct PatienceTests {
  private func losses(_ run: TinyRun) throws -> [Double] {
    try run.bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n"))
      .compactMap { try Metrics($0).number("held_out_loss") }
  }

  @Test("ends a run at the first measurement that is no new lowest one; the best adapter is kept")
  func early() async throws {
    let overrides = ["eval.every=1", "local.learning_rate=1", "local.final_learning_rate=1"]
    let whole = try await TinyRun.finished(stages: "null", overrides)
    let all = try losses(whole)
    #expect(all.count == 6)
    let early = try await TinyRun.finished(stages: "null", overrides + ["eval.patience=1"])
    let some = try losses(early)
    let end = try #require(all.indices.dropFirst().first { all[$0] >= all[..<$0].min() ?? 0 })
    #expect(some == Array(all[...end]))
    #expect(some.count < all.count)
    #expect(early.has("best/adapter_model.safetensors") && early.has("adapter"))
    #expect(early.has("report.html"))
  }
}
