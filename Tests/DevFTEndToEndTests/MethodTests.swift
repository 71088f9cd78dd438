import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Every method, from configuration to adapter")
struct MethodTests {
  /// A method with what it needs beside its name.
  struct Method: CustomTestStringConvertible, Sendable {
    let name: String
    var overrides: [String] = []
    /// Whether stages ask for more than their defaults.
    var stages = TinyRun.staged
    /// Where its adapter stands.
    var adapter = "adapter"
    var testDescription: String { name }

    var arguments: [String] { ["federation.method=\(name)"] + overrides }
  }

  static let methods = [
    Method(name: "fedit"),
    Method(name: "fedprox", overrides: ["federation.options.mu=1"]),
    Method(name: "fedswa"),
    Method(name: "fedavgm"),
    Method(name: "fedadagrad", overrides: adaptive),
    Method(name: "fedyogi", overrides: adaptive),
    Method(name: "fedadam", overrides: adaptive),
    Method(name: "scaffold", overrides: ["local.optimizer=sgd", "local.learning_rate=1"]),
    Method(name: "ffa-lora"),
    Method(name: "rolora"),
    Method(
      name: "fedsa-lora",
      overrides: ["stages.grouping.similarity=matrices+norms"],
      adapter: "adapters/client-0"
    ),
    Method(name: "lora-fair"),
    Method(name: "flexlora", overrides: ["federation.ranks=[4, 2, 1]"]),
    Method(
      name: "hetlora",
      overrides: ["federation.ranks=[4, 3]", "federation.options.rank_share=0.7"]
    ),
    Method(name: "flora", overrides: ["federation.ranks=[4, 2]"]),
    Method(name: "fedex-lora"),
    Method(name: "dofit", adapter: "adapters/domain-0"),
    Method(name: "c2a"),
    Method(name: "progfed", stages: "null"),
    Method(name: "chainfed", overrides: ["federation.options.window=2"], stages: "null"),
    Method(
      name: "fedpruner",
      overrides: ["federation.options.client_layers=[5, 4]"],
      stages: "null"
    ),
    Method(name: "random-layers", stages: "null"),
    Method(name: "top-layers", stages: "null"),
    Method(name: "even-layers", stages: "null"),
    Method(name: "top-growth", stages: "null"),
    Method(name: "centralised"),
    Method(name: "local-only", adapter: "adapters/client-0"),
  ]
  /// Six rounds are few for the default step of the server.
  private static let adaptive = ["federation.options.server_learning_rate=0.01"]

  private func adapter(_ run: TinyRun, _ method: Method) throws -> Data {
    try run.bytes("\(method.adapter)/adapter_model.safetensors")
  }

  private func checkpoint(_ run: TinyRun) throws -> [Data] {
    try ["state.safetensors", "numbers.json"].map { try run.bytes("checkpoints/round-0006/\($0)") }
  }

  @Test("lowers the held-out loss in stages", arguments: methods)
  func learns(method: Method) async throws {
    let run = try await TinyRun.finished(stages: method.stages, method.arguments)
    let final = try #require(
      try JSONSerialization.jsonObject(with: run.bytes("eval/final.json")) as? [String: Any]
    )
    let (base, end) = (final["base_loss"] as? Double, final["final_loss"] as? Double)
    #expect(try #require(end) < #require(base) - 0.1)
  }

  @Test("gives the same bytes with one worker, with two and with four", arguments: methods)
  func workers(method: Method) async throws {
    let all = method.arguments + ["federation.clients_per_round=4"]
    let one = try await TinyRun.finished(stages: method.stages, all)
    for count in [2, 4] {
      let other = try await TinyRun.finished(
        stages: method.stages,
        all + ["federation.workers=\(count)"]
      )
      #expect(try adapter(other, method) == adapter(one, method))
      #expect(try other.metrics() == one.metrics())
      #expect(try checkpoint(other) == checkpoint(one))
    }
  }

  // Rounds 2 and 4 end a stage.
  @Test(
    "goes on to the same bytes when killed in a stage and at its end",
    arguments: methods,
    [3, 4]
  )
  func resume(method: Method, rounds: Int) async throws {
    let whole = try await TinyRun.finished(stages: method.stages, method.arguments)
    let run = try TinyRun(stages: method.stages)
    let running = try Devft.start(run.arguments(method.arguments))
    while running.isRunning, try run.metrics().count < rounds {
      try await Task.sleep(for: .milliseconds(1))
    }
    running.kill()
    _ = try await running.end()
    let outcome = try await Devft.run(["simulate", "--resume", run.directory])
    #expect(outcome.status == 0, "\(outcome.lastErrorLine)")
    #expect(try adapter(run, method) == adapter(whole, method))
    #expect(try run.metrics() == whole.metrics())
    #expect(try checkpoint(run) == checkpoint(whole))
  }

  @Test("ends elsewhere than every other method after two rounds")
  func pairwiseDifferent() async throws {
    var adapters: [Data: String] = [:]
    for method in Self.methods {
      let run = try await TinyRun.finished(
        stages: "null",
        // The same optimizer for all, since that alone would make a difference.
        [
          "federation.method=\(method.name)", "federation.rounds=2", "local.optimizer=sgd",
          // Of what grows by stages both must fit the two rounds.
          "federation.options.growth_layers=[2, 6]",
        ]
      )
      let before = adapters.updateValue(method.name, forKey: try adapter(run, method))
      #expect(before == nil, "\(method.name) ends where \(before ?? "") does")
    }
  }

  @Test("FFA-LoRA ends with the A it began with, in stages the same in every layer")
  func frozenA() async throws {
    let staged = try await TinyRun.finished(["federation.method=ffa-lora"]).adapter().layers
    let plain = try await TinyRun.finished(
      stages: "null",
      ["federation.method=ffa-lora", "federation.rounds=2"]
    ).adapter().layers
    for name in staged[0].names where name.hasSuffix("lora_A.weight") {
      for layer in staged { #expect(layer[name] == plain[0][name]) }
      #expect(plain[1][name] != plain[0][name])
    }
    for name in staged[0].names where name.hasSuffix("lora_B.weight") {
      #expect(staged.allSatisfy { $0[name] != nil } && staged[0][name] != staged[5][name])
    }
  }

  @Test("FedSA-LoRA records all three results; zero B is the base model")
  func results() async throws {
    struct Line: Decodable { var held_out_loss: Double?, other_losses: [String: Double]? }
    let method = ["federation.method=fedsa-lora", "federation.options.fedsa_result="]
    var losses: [String: [Double]] = [:]
    for result in ["client_mean", "global_meanB", "zero_B"] {
      let run = try await TinyRun.finished(stages: "null", [method[0], method[1] + result])
      let base = try #require(try run.json([String: Double].self, "eval/base.json")["loss"])
      let last = try #require(
        try run.bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n")).last
      )
      let line = try JSONDecoder().decode(Line.self, from: last)
      var all = try #require(line.other_losses)
      all[result] = line.held_out_loss
      #expect(all.count == 3 && all["zero_B"] == base)
      for (name, loss) in all { losses[name, default: []].append(loss) }
      #expect(run.has("adapters/client-1") == (result == "client_mean"))
      #expect(run.has("adapter") == (result != "client_mean"))
    }
    // What is measured changes nothing of what is learnt.
    #expect(losses.values.allSatisfy { Set($0).count == 1 })
    #expect(try #require(losses["client_mean"]?[0]) < #require(losses["zero_B"]?[0]) - 0.1)
  }

  /// Methods of which a client may send less than the plan's most: layers of its own, pruned ranks.
  private static let sparing = ["hetlora", "progfed", "fedpruner", "top-growth"]

  @Test("sends the adapter bytes that the plan counts", arguments: methods)
  func plan(method: Method) async throws {
    struct Plan: Decodable {
      struct Stage: Decodable { var stage: Int, rounds: Int, lora_bytes: Int }
      var stages: [Stage]
    }
    struct Line: Decodable {
      struct Client: Decodable { var bytes: [String: Int] }
      var clients: [String: Client]
    }
    let run = try await TinyRun.finished(stages: method.stages, method.arguments)
    let lines = try run.bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(Line.self, from: $0) }
    let planned = try await Devft.expectSuccess(
      ["plan", run.configuration, "--json"] + method.arguments.flatMap { ["--set", $0] }
    )
    let plan = try JSONDecoder().decode(Plan.self, from: Data(planned.output.utf8))
    var first = 0
    for stage in plan.stages {
      let isSparing = Self.sparing.contains(method.name)
      let sent = lines[first..<first + (isSparing ? stage.rounds : 2)]
        .flatMap(\.clients.values).compactMap { $0.bytes["lora_up"] }
      let most = try #require(sent.max())
      #expect(most <= stage.lora_bytes && (isSparing ? 2 * most : most) >= stage.lora_bytes)
      first += stage.rounds
    }
    #expect(first == lines.count)
  }

  @Test("is the names the program knows")
  func names() async throws {
    let page = try await Devft.expectSuccess(["configuration"]).output
    let listed = Self.methods.map(\.name).joined(separator: ", ")
    #expect(page.contains("one of \(listed) |"))
  }
}
