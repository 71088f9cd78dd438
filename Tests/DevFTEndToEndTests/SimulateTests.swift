import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft simulate runs to its end")
struct SimulateTests {
  /// A run to try: its stages and what is set beside them.
  struct Variant: CustomTestStringConvertible, Sendable {
    var name: String
    var stages = TinyRun.staged
    var overrides: [String] = []
    var capacities = [2, 3, 6]
    var testDescription: String { name }
  }

  static let variants = [
    Variant(name: "DevFT as published"),
    Variant(name: "FedIT", stages: "null", capacities: [6]),
    Variant(
      name: "DevFT, robust construction",
      stages: "{ construction: robust, capacities: [2, 3, 6] }"
    ),
    Variant(
      name: "DevFT, even groups, means, uneven rounds",
      stages: "{ capacities: [3, 6], rounds: [4, 2], grouping: { kind: even }, "
        + "fusion: { kind: mean } }",
      capacities: [3, 6]
    ),
    Variant(name: "centralised", overrides: ["federation.method=centralised"]),
    Variant(name: "local-only", overrides: ["federation.method=local-only"]),
    Variant(
      name: "Dirichlet shares, weights by tokens, epochs, bf16",
      overrides: [
        "data.partition={kind: dirichlet, field: intent, alpha: 1}", "federation.clients=3",
        "federation.weighting=tokens", "local.epochs=1", "memory.precision=bf16",
      ]
    ),
    Variant(
      name: "shards, uniform weights",
      overrides: [
        "data.partition={kind: shards, field: intent, shards_per_client: 2}",
        "federation.clients=5", "federation.clients_per_round=5", "federation.weighting=uniform",
      ]
    ),
  ]

  @Test("and leaves every file", arguments: variants)
  func files(variant: Variant) async throws {
    let run = try await TinyRun.finished(stages: variant.stages, variant.overrides)
    for name in [
      "config.resolved.yaml", "run.json", "partition.json", "metrics.jsonl", "eval/base.json",
      "eval/final.json", "report.html",
    ] {
      #expect(run.has(name), "\(name)")
    }
    let isPersonal = variant.name == "local-only"
    for name in isPersonal ? ["adapters/client-0", "adapters/client-1"] : ["adapter", "best"] {
      #expect(run.has("\(name)/adapter_config.json"), "\(name)")
      #expect(run.has("\(name)/adapter_model.safetensors"), "\(name)")
    }
    for stage in variant.capacities.indices {
      struct Groups: Decodable { var capacity: Int }
      let groups = try run.json(Groups.self, "stages/\(stage + 1)/groups.json")
      #expect(groups.capacity == variant.capacities[stage])
    }
    let metrics = try run.metrics()
    #expect(metrics.map { $0.number("round") } == (1...6).map(Double.init))
    for line in metrics {
      for key in ["stage", "capacity", "loss", "bytes", "compute_seconds", "peak_bytes"] {
        #expect(line.keys.contains(key))
      }
    }
    guard !isPersonal else { return #expect(!run.has("adapter")) }
    #expect(try run.adapter().layers.count == 6)
  }

  @Test("training lowers the held-out loss, whatever the method", arguments: variants)
  func learns(variant: Variant) async throws {
    let run = try await TinyRun.finished(stages: variant.stages, variant.overrides)
    struct Final: Decodable {
      var base_loss: Double
      var final_loss: Double
      var best_loss: Double
    }
    let final = try run.json(Final.self, "eval/final.json")
    let expected = try TinyChat.expected().heldOut.loss
    #expect(abs(final.base_loss - expected) < (variant.name.contains("bf16") ? 0.05 : 1e-4))
    #expect(final.final_loss < final.base_loss - 0.3)
    #expect(final.best_loss <= final.final_loss)
  }

  @Test("the adapter it writes has the loss it reports")
  func reported() async throws {
    let run = try await TinyRun.finished()
    for (name, key) in [("adapter", "final_loss"), ("best", "best_loss")] {
      let outcome = try await Devft.expectSuccess([
        "loss", "--model", TinyChat.model, "--data", TinyChat.heldOut, "--precision", "f32",
        "--adapter", "\(run.directory)/\(name)", "--json",
      ])
      let measured = try JSONDecoder().decode(
        [String: Double].self,
        from: Data(outcome.output.utf8)
      )
      let final = try #require(
        try JSONSerialization.jsonObject(with: run.bytes("eval/final.json")) as? [String: Any]
      )
      let reported = try #require(final[key] as? Double)
      #expect(abs(try #require(measured["loss"]) - reported) < 1e-6)
    }
  }

  @Test("every stage starts from the transfer of the one before")
  func transfer() async throws {
    let run = try await TinyRun.finished()
    let base = try #require(try run.json([String: Double].self, "eval/base.json")["loss"])
    let stages = try (1...3).map { try run.losses(stage: $0) }
    #expect(stages[0]["full_before"] == base)
    #expect(stages[1]["full_before"] == stages[0]["full_after"])
    #expect(stages[2]["full_before"] == stages[1]["full_after"])
    // The last stage is the full model itself: it begins where the transfer has left it.
    #expect(stages[2]["submodel_before"] == stages[1]["full_after"])
    #expect(stages[2]["full_before"] != base)
  }

  @Test("one small round after the transfer, a group's members are still near each other")
  func members() async throws {
    let run = try await TinyRun.finished(
      stages: "{ construction: paper, capacities: [2, 3, 6], rounds: [2, 3, 1] }",
      ["local.final_learning_rate=0"]
    )
    let layers = try run.adapter().layers
    let rate = try #require(try run.metrics().last?.number("learning_rate"))
    // AdamW moves a number by at most about its learning rate a step: two steps, two directions.
    let farthest = 4.1 * rate
    for group in try TinyChat.expected().layerGroups {
      for member in group { #expect(try distance(layers[member], layers[group[0]]) < farthest) }
    }
    #expect(try distance(layers[0], layers[2]) > 4 * farthest)
    #expect(try distance(layers[2], layers[5]) > 4 * farthest)
  }

  /// Largest difference of two numbers.
  private func distance(_ left: NamedTensors, _ right: NamedTensors) throws -> Double {
    try left.names.reduce(0) { largest, name in
      let numbers = try #require(right[name]).elements
      let own = try #require(left[name]).elements
      return zip(own, numbers).reduce(largest) { max($0, Double(abs($1.0 - $1.1))) }
    }
  }

  @Test("without held-out data it measures nothing and keeps no best adapter")
  func blind() async throws {
    let run = try await TinyRun.finished(["data.eval=null", "eval.every=0"])
    #expect(run.has("adapter/adapter_model.safetensors"))
    #expect(!run.has("best"))
    #expect(try run.metrics().allSatisfy { !$0.keys.contains("held_out_loss") })
    // What is measured changes nothing of what is learnt.
    let measured = try await TinyRun.finished()
    #expect(try run.adapterBytes() == measured.adapterBytes())
  }

  @Test("away from a terminal it shows plain lines, and a summary on standard output")
  func display() async throws {
    let run = try TinyRun()
    let outcome = try await Devft.expectSuccess(run.arguments())
    #expect(!outcome.errors.contains { $0 == "\r" || $0 == "\u{1b}" })
    #expect(outcome.lastErrorLine.contains("stage 3/3 (6 layers)  round 6/6"))
    #expect(outcome.lines.first?.hasPrefix("held-out loss  base 6.8412, final ") == true)
  }

  @Test("bytes grow with the stages, and only the first sight of a stage costs a map")
  func traffic() async throws {
    struct Line: Decodable {
      struct Bytes: Decodable {
        var lora_up: Int
        var lora_down: Int
        var base_down: Int
        var aux: Int
      }
      var capacity: Int
      var cohort: [Int]
      var bytes: Bytes
    }
    let run = try await TinyRun.finished(["federation.clients_per_round=4"])
    let lines = try run.bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Line.self, from: $0)
    }
    for (index, line) in lines.enumerated() {
      let oneWay = 4 * line.capacity * 4 * (64 + 48 + 96) * 4
      #expect(line.cohort == [0, 1, 2, 3])
      #expect(line.bytes.lora_up == oneWay)
      #expect(line.bytes.lora_down == oneWay)
      #expect(line.bytes.base_down == 0)
      #expect(line.bytes.aux == (index.isMultiple(of: 2) ? 4 * 7 : 0))
    }
  }
}
