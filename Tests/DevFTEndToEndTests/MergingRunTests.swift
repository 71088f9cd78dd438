import DevFTFormats
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Runs that merge into the base")
struct MergingRunTests {
  private struct Bank: Decodable {
    let rank: Int
    let lost: Double
  }
  private struct Line: Decodable {
    let aggregation_error: Double
    let bank: Bank?
    let held_out_loss: Double?
  }

  private func lines(_ run: TinyRun) throws -> [Line] {
    try run.bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(Line.self, from: $0) }
  }

  /// Loss of an adapter, or of a model, as another command measures it.
  private func loss(_ adapter: String?, of model: String = TinyChat.model) async throws -> Double {
    struct Loss: Decodable { let loss: Double }
    let outcome = try await Devft.expectSuccess(
      [
        "loss", "--model", model, "--data", TinyChat.heldOut, "--precision", "f32",
        "--max-length", "64", "--json",
      ] + (adapter.map { ["--adapter", $0] } ?? [])
    )
    return try JSONDecoder().decode(Loss.self, from: Data(outcome.output.utf8)).loss
  }

  @Test(
    "write base changes and all as one adapter, at the run's scale",
    arguments: ["flora", "fedex-lora"],
    ["null", TinyRun.staged]
  )
  func written(method: String, stages: String) async throws {
    let run = try await TinyRun.finished(stages: stages, ["federation.method=\(method)"])
    let adapter = try run.adapter()
    let bank = try #require(try lines(run).last?.bank)
    #expect(bank.lost == 0 && adapter.configuration.rank > 4)
    #expect(adapter.configuration.rank == bank.rank + (method == "flora" ? 0 : 4))
    #expect(abs(adapter.configuration.scale - 2) < 1e-12)
    let last = try #require(try lines(run).last?.held_out_loss)
    #expect(abs(try await loss(run.directory + "/adapter") - last) < 1e-5)
    let best = try #require(try lines(run).compactMap(\.held_out_loss).min())
    #expect(abs(try await loss(run.directory + "/best") - best) < 1e-5)
    #expect(try lines(run).allSatisfy { $0.aggregation_error == 0 })
  }

  @Test("a stage's end leaves the full model as it was measured in the stage")
  func transfer() async throws {
    for method in ["flora", "fedex-lora"] {
      let run = try await TinyRun.finished(["federation.method=\(method)"])
      for stage in 1...2 {
        // The next stage measures its start on the full model's own way to the same numbers.
        let (end, start) = (try run.losses(stage: stage), try run.losses(stage: stage + 1))
        #expect(end["full_after"] == start["full_before"])
      }
      // Clients of FLoRA begin each stage with pairs that do nothing: all is in the fused layers.
      if method == "flora" {
        let submodel = run.scratch.path("stage-2")
        try await Devft.expectSuccess([
          "export", "--model", TinyChat.model, "--format", "hf", "--quantise", "f32",
          "--run", run.directory, "--stage", "2", "--out", submodel,
        ])
        let expected = try #require(try run.losses(stage: 2)["submodel_before"])
        #expect(abs(try await loss(nil, of: submodel) - expected) < 1e-4)
      }
      // In the last stage, of all layers, the submodel is the full model.
      let last = try run.losses(stage: 3)
      #expect(last["submodel_before"] == last["full_before"])
    }
  }

  @Test("FedEx-LoRA with one client is centralised training", arguments: ["null", TinyRun.staged])
  func oneClient(stages: String) async throws {
    let one = [
      "data.partition={kind: iid}", "federation.clients=1", "federation.clients_per_round=1",
    ]
    let merging = try await TinyRun.finished(stages: stages, one + ["federation.method=fedex-lora"])
    let centralised = try await TinyRun.finished(
      stages: stages,
      one + ["federation.method=centralised"]
    )
    #expect(try merging.adapterBytes() == centralised.adapterBytes())
  }

  @Test("a limited bank tells in every round what it has cut")
  func limited() async throws {
    let run = try await TinyRun.finished(
      stages: "null",
      ["federation.method=flora", "federation.options.bank_rank=3"]
    )
    let banks = try lines(run).compactMap(\.bank)
    #expect(banks.count == 6 && banks.allSatisfy { $0.rank == 3 && $0.lost > 0 && $0.lost < 1 })
    #expect(try lines(run).allSatisfy { $0.aggregation_error > 0 })
    #expect(try run.adapter().configuration.rank == 3)
  }
}
