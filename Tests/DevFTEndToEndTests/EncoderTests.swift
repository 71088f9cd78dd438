import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Whole runs of an encoder that classifies")
struct EncoderTests {
  @Test("train adapter and head, in stages too", arguments: EncoderCase.names, [nil, "[1, 3]"])
  func runs(model: String, capacities: String?) async throws {
    let run = try EncoderRun(model, capacities: capacities)
    try await run.finish()
    let metrics = try run.metrics()
    #expect(metrics.count == 6)
    let accuracies = metrics.compactMap { $0.number("held_out_accuracy") }
    // Twenty-four rows: shares of them.
    #expect(!accuracies.isEmpty && accuracies.allSatisfy { ($0 * 24).rounded() / 24 == $0 })
    let losses = metrics.compactMap { $0.number("held_out_loss") }
    let base = try run.number("loss", in: "eval/base.json")
    #expect(try #require(losses.last) < base)
    let adapter = try PEFTAdapter(directory: run.path("adapter"))
    let labels = model == "bert" ? ["calm", "angry", "glad"] : ["0", "1"]
    #expect(adapter.labelCount == labels.count)
    #expect(adapter.configuration.encoder?.rawValue == model)
    let names = try JSONDecoder().decode([String].self, from: run.bytes("labels.json"))
    #expect(names == labels)
  }

  @Test("give the same bytes again")
  func repeats() async throws {
    let runs = try [
      EncoderRun("bert", capacities: "[1, 3]"), EncoderRun("bert", capacities: "[1, 3]"),
    ]
    for run in runs { try await run.finish() }
    let name = "adapter/adapter_model.safetensors"
    #expect(try runs[0].bytes(name) == runs[1].bytes(name))
    #expect(try runs[0].metrics() == runs[1].metrics())
  }

  @Test(
    "train the head under methods that treat A and B apart",
    arguments: [
      "ffa-lora", "rolora", "fedsa-lora", "flexlora", "hetlora", "scaffold", "fedadam", "c2a",
    ]
  )
  func methods(method: String) async throws {
    let run = try EncoderRun("bert", capacities: "[1, 3]")
    // A method without a global B cannot group by adapters.
    try await run.finish(["federation.method=\(method)", "stages.grouping.similarity=matrices"])
    let fresh = try SafetensorsFile(path: EncoderCase.path("bert/model/model.safetensors"))
    let folder =
      FileManager.default.fileExists(atPath: run.path("adapter"))
      ? "adapter" : "adapters/client-0"
    let adapter = try PEFTAdapter(directory: run.path(folder))
    for name in ["classifier.weight", "classifier.bias"] {
      #expect(try adapter.head[name] != fresh.tensor(named: name), "\(name)")
    }
  }

  /// What is wrong with a run, and what the last line must say.
  static let mistakes: [(overrides: [String], words: [String])] = [
    (["data.path=\(TinyChat.train)"], ["train.jsonl:1", "text and label"]),
    (["data.max_length=64"], ["data.max_length", "48", "64"]),
    (["data.max_length=5"], ["train.jsonl:1", "at most 5 tokens"]),
    (["lora.targets=[q, gate]"], ["lora.targets", "encoder", "gate"]),
    (["eval.generate=4"], ["eval.generate", "encoder", "4"]),
    (["eval.tasks=[mmlu]"], ["eval.tasks", "encoder (bert)", "mmlu"]),
    (["federation.prompts=\(TinyChat.train)"], ["federation.prompts", "encoder (bert)"]),
    (["data.path=ROWS"], ["rows.jsonl:2", "label", "calm, angry, glad"]),
    (["data.path=UNLABELLED"], ["unlabelled.jsonl:1", "\"label\"", "it is missing"]),
  ]

  @Test("end with one clear line when something is wrong", arguments: mistakes.indices)
  func badInput(index: Int) async throws {
    let run = try EncoderRun("bert")
    let rows = try run.scratch.write(
      "{\"text\": \"a\", \"label\": \"calm\"}\n{\"text\": \"b\", \"label\": \"bored\"}\n",
      to: "rows.jsonl"
    )
    let unlabelled = try run.scratch.write("{\"text\": \"a\"}\n", to: "unlabelled.jsonl")
    let overrides = Self.mistakes[index].overrides.map {
      $0.replacingOccurrences(of: "ROWS", with: rows)
        .replacingOccurrences(of: "UNLABELLED", with: unlabelled)
    }
    let outcome = try await Devft.run(run.arguments(overrides))
    #expect(outcome.status != 0)
    for word in Self.mistakes[index].words {
      #expect(outcome.lastErrorLine.contains(word), "\(outcome.lastErrorLine)")
    }
    #expect(!FileManager.default.fileExists(atPath: run.path("metrics.jsonl")))
  }

  @Test(
    "refuse methods that choose layers or merge into the base",
    arguments: [
      ("progfed", "layers"), ("chainfed", "layers"), ("fedpruner", "layers"),
      ("random-layers", "layers"), ("top-layers", "layers"), ("even-layers", "layers"),
      ("flora", "merges"), ("fedex-lora", "merges"),
    ]
  )
  func refusedMethods(method: String, reason: String) async throws {
    let run = try EncoderRun("bert")
    let outcome = try await Devft.run(run.arguments(["federation.method=\(method)"]))
    #expect(outcome.status != 0)
    for word in ["federation.method", "encoder (bert)", "got \(method)", reason] {
      #expect(outcome.lastErrorLine.contains(word), "\(outcome.lastErrorLine)")
    }
    #expect(!FileManager.default.fileExists(atPath: run.scratch.path("run")))
  }

  @Test("give every domain of DoFIT an adapter with its head")
  func domains() async throws {
    let run = try EncoderRun("roberta", capacities: "[1, 3]")
    try await run.finish(["federation.method=dofit", "federation.options.domains=2"])
    let heads = try (0..<2).map { domain in
      try PEFTAdapter(directory: run.path("adapters/domain-\(domain)")).head
    }
    #expect(heads[0].count == 4)
    #expect(heads[0] != heads[1])
  }

  @Test("are refused by commands that write text or models")
  func commandsOfDecoders() async throws {
    let model = EncoderCase.path("roberta/model")
    let scratch = try ScratchDirectory()
    for arguments in [
      ["generate", "--model", model, "--prompt", "hello"],
      ["export", "--model", model, "--format", "hf", "--out", scratch.path("made")],
      ["eval", "--model", model, "--tasks", "mmlu", "--out", scratch.path("made")],
    ] {
      let outcome = try await Devft.run(arguments)
      #expect(outcome.status != 0)
      #expect(outcome.lastErrorLine.contains("expected a decoder, got an encoder (roberta)"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path("made")))
    }
  }
}

/// A run of a tiny encoder: its configuration and the directory it leaves.
private struct EncoderRun {
  let scratch: ScratchDirectory
  private let configuration: String

  init(_ model: String, capacities: String? = nil) throws {
    scratch = try ScratchDirectory()
    // The second model has two classes and no names for them.
    let names = ["angry": "0", "calm": "1", "glad": "1"]
    var paths: [String] = []
    for file in ["train", "held-out"] {
      var text = try String(
        contentsOfFile: EncoderCase.path("\(file).jsonl"),
        encoding: .utf8
      )
      if model == "roberta" {
        for (name, number) in names {
          text = text.replacingOccurrences(
            of: "\"label\": \"\(name)\"",
            with: "\"label\": \(number)"
          )
        }
      }
      paths.append(try scratch.write(text, to: "\(file).jsonl"))
    }
    let stages = capacities.map {
      $0.replacingOccurrences(of: "3", with: model == "bert" ? "3" : "4")
    }
    configuration = try scratch.write(
      """
      seed: 3
      model: \(EncoderCase.path("\(model)/model"))
      data:
        path: \(paths[0])
        eval: \(paths[1])
        partition: { kind: field, field: shop }
        max_length: 40
      lora: { rank: 4, alpha: 8, targets: [q, v, o, up, down] }
      federation: { clients: 4, clients_per_round: 2, rounds: 6 }
      local: { steps: 4, batch: 8, learning_rate: 1e-2, final_learning_rate: 2e-3 }
      stages: \(stages.map { "{ construction: paper, capacities: \($0) }" } ?? "null")
      memory: { precision: f32 }
      eval: { every: 2 }
      """,
      to: "encoder.yaml"
    )
  }

  func arguments(_ overrides: [String] = []) -> [String] {
    ["simulate", configuration, "--out", scratch.path("run")]
      + overrides.flatMap { ["--set", $0] }
  }

  func finish(_ overrides: [String] = []) async throws {
    try await Devft.expectSuccess(arguments(overrides))
  }

  func path(_ name: String) -> String { scratch.path("run/\(name)") }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  func number(_ key: String, in name: String) throws -> Double {
    try #require(try JSONDecoder().decode([String: Double].self, from: bytes(name))[key])
  }

  func metrics() throws -> [Metrics] {
    try bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n")).map(Metrics.init)
  }
}
