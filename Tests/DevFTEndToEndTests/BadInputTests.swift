import Foundation
import Testing
import _DevFTTestSupport

@Suite("Bad input ends with one clear line")
struct BadInputTests {
  /// Something wrong with a run, and what the last line must say.
  struct Case: CustomTestStringConvertible, Sendable {
    var overrides: [String]
    var words: [String]
    /// Whether training had begun, so that a run directory is there to look at.
    var hasBegun = false
    var testDescription: String { overrides.joined(separator: " ") }

    init(_ overrides: String..., saying words: [String], hasBegun: Bool = false) {
      (self.overrides, self.words, self.hasBegun) = (overrides, words, hasBegun)
    }
  }

  static let cases = [
    Case("federation.round=3", saying: ["unknown key", "did you mean federation.rounds?"]),
    Case("local.learningrate=1", saying: ["unknown key", "local.learning_rate"]),
    Case("local.steps=many", saying: ["local.steps", "a whole number", "many"]),
    Case("local.batch=9223372036854775807", saying: ["local.batch", "65536"]),
    Case("data.max_length=1000000000000", saying: ["data.max_length", "1048576"]),
    Case("lora.rank=65536", saying: ["lora.rank", "width 32", "65536"]),
    Case("lora.targets=[q, z]", saying: ["lora.targets", "z"]),
    Case("data.path=/nowhere/rows.jsonl", saying: ["/nowhere/rows.jsonl", "no such file"]),
    Case("data.eval=/nowhere/rows.jsonl", saying: ["/nowhere/rows.jsonl", "no such file"]),
    Case("data.path=/tmp", saying: ["/tmp: expected a file, found a directory"]),
    Case("model=/nowhere/model", saying: ["/nowhere/model", "expected a GGUF file"]),
    Case("model=\(TinyChat.train)", saying: ["train.jsonl", "GGUF"]),
    Case("data.max_length=40", saying: ["train.jsonl:1: ", "at most 40 tokens", "44"]),
    Case(
      "data.max_length=8",
      "data.over_long=skip",
      saying: ["train.jsonl", "at most 8 tokens", "found none"]
    ),
    Case(
      "data.max_length=43",
      "data.over_long=skip",
      saying: ["client ash has no example", "at most 43 tokens"]
    ),
    Case(
      "data.partition={kind: iid}",
      "federation.clients=61",
      saying: ["61 clients", "there are 60"]
    ),
    Case("federation.clients=7", saying: ["7 clients", "household", "4 values"]),
    Case("data.partition.field=flat", saying: ["flat", "example 1"]),
    Case("federation.clients_per_round=5", saying: ["clients_per_round", "4", "5"]),
    Case("stages.capacities=[2, 3, 7]", saying: ["capacities", "6 layers", "[2, 3, 7]"]),
    Case("stages.capacities=[2, 3]", saying: ["capacities", "6 layers", "[2, 3]"]),
    Case(
      "federation.method=progfed",
      saying: ["stages", "method progfed cannot have this: it is an alternative to stages"]
    ),
    Case(
      "stages=null",
      "federation.method=top-layers",
      "federation.options.layers=7",
      saying: ["federation.options.layers", "the model's 6 layers, got 7"]
    ),
    Case(
      "stages=null",
      "federation.method=top-growth",
      "federation.options={growth_layers: [2, 6], growth_rounds: [4, 9]}",
      saying: ["federation.options.growth_rounds", "federation.rounds", "got 13"]
    ),
    Case(
      "federation.cohort_rounds=[3, 3]",
      saying: ["cohort_rounds", "federation.cohorts beside it"]
    ),
    Case(
      "federation={clients_per_round: 2, cohorts: [1, 3]}",
      saying: ["cohorts", "clients_per_round 2", "got 3"]
    ),
    Case(
      "federation={clients_per_round: 2, cohorts: [1, 2], cohort_rounds: [3, 4]}",
      saying: ["cohort_rounds", "add up to the 6 rounds", "[3, 4]"]
    ),
    Case("lora.rank=0", saying: ["lora.rank: expected a whole number from 1"]),
    Case("federation.options.window=0", saying: ["federation.options.window", "of at least 1"]),
    Case(
      "stages=null",
      "federation.method=progfed",
      "federation.options={progfed_schedule: matched, progfed_capacities: [2, 5]}",
      saying: ["federation.options.progfed_schedule", "6 layers", "[2, 5]"]
    ),
    Case(
      "stages=null",
      "federation.method=fedpruner",
      "data.eval=null",
      saying: ["federation.prompts", "expected a file", "data.eval", "got neither"]
    ),
    Case(
      "stages=null",
      "federation.method=fedpruner",
      "federation.prompts=/nowhere/rows.jsonl",
      saying: ["/nowhere/rows.jsonl", "no such file"]
    ),
    Case(
      "eval.tasks=[mmlu]",
      "eval.data_dir=/nowhere",
      saying: ["/nowhere/mmlu/mmlu_dev_test.jsonl", "no such file"]
    ),
    Case("eval.tasks=[mmmlu]", saying: ["eval.tasks", "one of mmlu, truthfulqa_mc1"]),
    Case("eval.tasks=[perplexity]", saying: ["eval.tasks", "not perplexity or answers"]),
    Case("eval.tasks=[bbh, bbh]", saying: ["eval.tasks", "none twice"]),
    Case("eval.limit=0", saying: ["eval.limit", "of at least 1", "0"]),
    Case("data.template=llama3", saying: ["<|start_header_id|>"]),
    Case(
      "local.learning_rate=1e300",
      saying: ["round 3", "0 of at least 1", "loss of step 2", "nan"],
      hasBegun: true
    ),
    Case(
      "federation.clients_per_round=4",
      "federation.min_clients=3",
      "local.learning_rate=1e300",
      saying: ["round 3", "0 of at least 3", "nan"],
      hasBegun: true
    ),
  ]

  @Test("in a configuration", arguments: cases)
  func configuration(example: Case) async throws {
    let run = try TinyRun()
    let outcome = try await Devft.run(run.arguments(example.overrides))
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.lastErrorLine.hasPrefix("Error: "))
    for word in example.words { #expect(outcome.lastErrorLine.contains(word)) }
    // Nothing half-written: no adapter, and no run directory before there was anything to run.
    #expect(!run.has("adapter"))
    #expect(!run.has("best"))
    #expect(run.has("") == example.hasBegun)
    if !example.hasBegun { #expect(outcome.errors.split(separator: "\n").count == 1) }
  }

  @Test(
    "in the configuration file",
    arguments: [
      ("seed: 5\nmodel: [a\ndata: }", ["bad.yaml:3", "not YAML"]),
      ("", ["bad.yaml:1", "model"]),
      ("model: m\n", ["bad.yaml", "data"]),
      ("- 1\n", ["bad.yaml", "section"]),
      ("model: m\ndata: { path: x }\nseed: 1\nseed: 2\n", ["bad.yaml", "seed"]),
    ]
  )
  func file(text: String, words: [String]) async throws {
    let scratch = try ScratchDirectory()
    let path = try scratch.write(text, to: "bad.yaml")
    for command in [["simulate", path, "--out", scratch.path("run")], ["plan", path]] {
      let outcome = try await Devft.run(command)
      #expect(outcome.status == 1)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      for word in words { #expect(outcome.lastErrorLine.contains(word)) }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("run")))
    }
  }

  @Test("a directory that already holds a run, or is a file, or holds no run to go on with")
  func directories() async throws {
    let run = try await TinyRun.finished()
    let before = try run.bytes("run.json")
    let second = try await Devft.run(run.arguments(["seed=9"]))
    #expect(second.status == 1)
    #expect(second.lastErrorLine.contains("holds a run already"))
    #expect(try run.bytes("run.json") == before)
    let file = try run.scratch.write("x", to: "file")
    let third = try await Devft.run(["simulate", run.configuration, "--out", file])
    #expect(third.status == 1)
    #expect(third.lastErrorLine.contains(file))
    let fourth = try await Devft.run(["simulate", "--resume", run.scratch.url.path])
    #expect(fourth.status == 1)
    #expect(fourth.lastErrorLine.contains("expected a run to go on with, found none"))
  }

  @Test("projections on the command line", arguments: ["q,z", "q,q", "", "q,,v"])
  func projections(list: String) async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.run([
      "train", "--model", TinyChat.model, "--data", TinyChat.train, "--targets", list,
      "--out", scratch.path("adapter"),
    ])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("expected some of q,k,v,o,gate,up,down, each once"))
    #expect(outcome.errors.contains("got '\(list)'"))
  }

  @Test("an adapter of another model, and one that is none")
  func adapters() async throws {
    let other = GoldenCase.directory.appendingPathComponent("mha/adapter").path
    let scratch = try ScratchDirectory()
    for (adapter, word) in [(other, "2 layers, the model 6"), ("/nowhere", "no such adapter")] {
      let loss = [
        "loss", "--model", TinyChat.model, "--data", TinyChat.heldOut, "--adapter", adapter,
      ]
      let train = [
        "train", "--model", TinyChat.model, "--data", TinyChat.train, "--init-adapter", adapter,
        "--out", scratch.path("adapter"),
      ]
      for arguments in [loss, train] {
        let outcome = try await Devft.run(arguments)
        #expect(outcome.status == 1)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.lastErrorLine.contains(word))
      }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("adapter")))
    }
  }

  @Test("rank, alpha or targets beside an adapter that has others")
  func contradictedAdapter() async throws {
    let scratch = try ScratchDirectory()
    for (key, value) in [("--rank", "5"), ("--alpha", "3.0"), ("--targets", "q,up")] {
      let outcome = try await Devft.run([
        "train", "--model", TinyChat.model, "--data", TinyChat.train, "--init-adapter",
        TinyChat.adapter, key, value, "--out", scratch.path("adapter"),
      ])
      #expect(outcome.status == 1)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(outcome.lastErrorLine.contains("\(key): expected "))
      #expect(outcome.lastErrorLine.hasSuffix("in \(TinyChat.adapter), got \(value)"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path("adapter")))
    }
  }

  @Test("training that diverges writes no adapter")
  func divergence() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.run([
      "train", "--model", TinyChat.model, "--data", TinyChat.train, "--lr", "1e300", "--steps",
      "4", "--json", "--out", scratch.path("adapter"),
    ])
    #expect(outcome.status == 1)
    #expect(outcome.lines.count == 1)
    #expect(outcome.lastErrorLine.contains("loss of step 2"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("adapter")))
  }

  @Test("rows name their line, and a prompt too long its length")
  func rows() async throws {
    let scratch = try ScratchDirectory()
    let rows = try scratch.write(
      "{\"prompt\":\"a\",\"completion\":\"b\"}\n{\"prompt\":\"a\",\"completion\":3}\n",
      to: "rows.jsonl"
    )
    let loss = try await Devft.run(["loss", "--model", TinyChat.model, "--data", rows])
    #expect(loss.status == 1)
    #expect(loss.lastErrorLine.contains("rows.jsonl:2: key \"completion\": expected a string"))
    let long = String(repeating: "x ", count: 2000)
    let answer = try await Devft.run(["generate", "--model", TinyChat.model, "--prompt", long])
    #expect(answer.status == 1)
    #expect(answer.lastErrorLine.contains("at most 255 tokens"))
  }

  @Test(
    "usage errors exit with 64",
    arguments: [
      ["simulate"], ["simulate", "a.yaml", "--frobnicate"], ["frobnicate"],
      ["simulate", "a.yaml", "--resume", "b"], ["loss", "--model", "m"],
      ["loss", "--model", "m", "--data", "d", "--limit=-1"],
      ["loss", "--model", "m", "--data", "d", "--max-length", "1"],
      ["loss", "--model", "m", "--data", "d", "--template", "odd"],
      ["train", "--model", "m", "--data", "d", "--out", "o", "--steps", "0"],
      ["train", "--model", "m", "--data", "d", "--out", "o", "--batch", "9223372036854775807"],
      ["train", "--model", "m", "--data", "d", "--out", "o", "--lr", "nan"],
      ["train", "--model", "m", "--data", "d", "--out", "o", "--clip", "nan"],
      ["generate", "--model", "m"], ["generate", "--model", "m", "--prompt", "p", "chat"],
      ["model", "get"], ["data", "split", TinyChat.train, "--kind", "odd", "--out", "o"],
    ]
  )
  func usage(arguments: [String]) async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.run(arguments, in: scratch.url.path)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.lastErrorLine.hasPrefix("Error: "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
  }
}
