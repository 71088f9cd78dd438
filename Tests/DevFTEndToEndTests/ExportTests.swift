import DevFTFormats
import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft export")
struct ExportTests {
  private struct Loss: Decodable { var loss: Double }

  /// Mean loss over the held-out rows in float32.
  private func loss(model: String, adapter: String? = nil) async throws -> Double {
    let outcome = try await Devft.expectSuccess(
      ["loss", "--model", model, "--data", TinyChat.heldOut, "--precision", "f32", "--json"]
        + (adapter.map { ["--adapter", $0] } ?? [])
    )
    return try JSONDecoder().decode(Loss.self, from: Data(outcome.output.utf8)).loss
  }

  private func export(
    _ format: String,
    to path: String,
    model: String = TinyChat.model,
    adapter: String? = TinyChat.adapter,
    _ more: [String] = []
  ) -> [String] {
    ["export", "--model", model, "--format", format, "--out", path]
      + (adapter.map { ["--adapter", $0] } ?? []) + more
  }

  @Test("merged, in every container, the model has the loss that PEFT gives")
  func losses() async throws {
    let expected = try TinyChat.expected().heldOut.adapterLoss
    let scratch = try ScratchDirectory()
    let (hf, gguf) = (scratch.path("hf"), scratch.path("model.gguf"))
    try await Devft.expectSuccess(export("hf", to: hf, ["--quantise", "f32"]))
    #expect(abs(try await loss(model: hf) - expected) < 1e-4)
    try await Devft.expectSuccess(export("gguf", to: gguf, ["--quantise", "f32"]))
    #expect(abs(try await loss(model: gguf) - expected) < 1e-4)
    // From the GGUF file to a directory again, nothing merged.
    let again = scratch.path("again")
    let arguments = export("hf", to: again, model: gguf, adapter: nil, ["--quantise", "f32"])
    try await Devft.expectSuccess(arguments)
    #expect(abs(try await loss(model: again) - expected) < 1e-4)
    let peft = scratch.path("peft")
    try await Devft.expectSuccess(export("peft", to: peft))
    #expect(abs(try await loss(model: TinyChat.model, adapter: peft) - expected) < 1e-4)
    #expect(
      try PEFTAdapter(directory: peft).layers == PEFTAdapter(directory: TinyChat.adapter).layers
    )
  }

  @Test("equal exports have equal bytes; directories hold a card without paths")
  func bytes() async throws {
    let scratch = try ScratchDirectory()
    for format in ["gguf", "gguf-lora", "hf", "peft"] {
      let paths = ["a", "b"].map { scratch.path("\(format)-\($0)/out") }
      for path in paths { try await Devft.expectSuccess(export(format, to: path)) }
      #expect(FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]))
      let card = try scratch.text("\(format)-a/out/README.md")
      #expect(card.hasPrefix("---\nbase_model: \"model\"\n"))
      #expect(!card.contains(scratch.path("")) && !card.contains(TinyChat.model))
      #expect(card.contains("rank") && card.contains("q_proj"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("gguf-a/out"))
    #expect(names.sorted() == ["README.md", "model-f16.gguf"])
  }

  @Test("a stage's submodel has the loss that the run measured; the card tells of the run")
  func stages() async throws {
    let run = try await TinyRun.finished()
    for (stage, layers) in [(1, 2), (2, 3)] {
      let path = run.scratch.path("stage-\(stage)")
      let options = ["--run", run.directory, "--stage", "\(stage)", "--quantise", "f32"]
      try await Devft.expectSuccess(export("hf", to: path, adapter: nil, options))
      #expect(try openModelFile(at: path).architecture.layerCount == layers)
      guard stage == 1 else { continue }
      // Up projections are zero at the start, so the first stage begins with the bare submodel.
      let expected = try #require(try run.losses(stage: 1)["submodel_before"])
      #expect(abs(try await loss(model: path) - expected) < 1e-4)
      let again = run.scratch.path("groups")
      let groups = "\(run.directory)/stages/1/groups.json"
      try await Devft.expectSuccess(
        export("hf", to: again, adapter: nil, ["--groups", groups, "--quantise", "f32"])
      )
      let weights = ["\(path)/model.safetensors", "\(again)/model.safetensors"]
      #expect(FileManager.default.contentsEqual(atPath: weights[0], andPath: weights[1]))
    }
    let adapter = "\(run.directory)/adapter"
    let merged = run.scratch.path("merged")
    try await Devft.expectSuccess(export("hf", to: merged, adapter: adapter))
    let card = try run.scratch.text("merged/README.md")
    for word in [
      "DevFT on fedit", "train.jsonl", "| 1 | 2 |", "clients to server", "held-out loss",
    ] {
      #expect(card.contains(word), "\(word)")
    }
    // The full adapter on a submodel is fused as at the start of a stage.
    let fused = run.scratch.path("fused")
    try await Devft.expectSuccess(
      export("peft", to: fused, adapter: adapter, ["--run", run.directory, "--stage", "2"])
    )
    #expect(try PEFTAdapter(directory: fused).layers.count == 3)
  }

  @Test("bad input: one line that says what is wrong, and nothing is written")
  func badInput() async throws {
    let scratch = try ScratchDirectory()
    let golden = TinyChat.directory.deletingLastPathComponent().path
    let foreign = "\(golden)/formats/adapter"
    try scratch.write("[[0, 1], [2]]", to: "groups.json")
    let groups = scratch.path("groups.json")
    let cases: [(arguments: [String], words: [String])] = [
      (export("hf", to: scratch.path("x"), adapter: foreign), ["model.layers.2.", "2 layers"]),
      (
        export(
          "gguf",
          to: scratch.path("x.gguf"),
          model: "\(golden)/formats/llama-hf",
          adapter: try widened(scratch)
        ), ["lora_A.weight", "[4, 16]"]
      ),
      (export("peft", to: scratch.path("x"), adapter: try misranked(scratch)), ["rank 5"]),
      (export("peft", to: scratch.path("x"), adapter: nil), ["--adapter"]),
      (export("hf", to: scratch.path("x"), ["--quantise", "q8_0"]), ["q8_0", "bf16, f16, f32"]),
      (export("peft", to: scratch.path("x"), ["--quantise", "f16"]), ["float32"]),
      (export("hf", to: golden), [golden, "exists already"]),
      (export("hf", to: scratch.path("x"), ["--stage", "1"]), ["--run"]),
      (export("hf", to: scratch.path("x"), ["--stage", "1", "--run", golden]), ["groups.json"]),
      (export("hf", to: scratch.path("x"), ["--groups", groups]), ["6 layers", "groups of 3"]),
      (export("gguf", to: "/nowhere/x.gguf"), ["/nowhere/x.gguf", "cannot be written"]),
    ]
    let before = try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).sorted()
    for example in cases {
      let outcome = try await Devft.run(example.arguments)
      #expect(outcome.status == 1, "\(example.arguments)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      for word in example.words {
        #expect(outcome.lastErrorLine.contains(word), "\(outcome.lastErrorLine)")
      }
      let after = try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).sorted()
      #expect(after == before)
    }
    #expect(try await Devft.run(export("onnx", to: scratch.path("x"))).status == 64)
  }

  @Test("a disk that fills up leaves nothing half-written", arguments: ["hf", "gguf", "peft"])
  func fullDisk(format: String) async throws {
    let scratch = try ScratchDirectory()
    // Half of the smallest file that any of them writes.
    let outcome = try await Devft.run(
      export(format, to: scratch.path("out"), format == "peft" ? [] : ["--quantise", "f32"]),
      fileSizeLimit: 8
    )
    #expect(outcome.status == 1)
    #expect(outcome.lastErrorLine.contains(scratch.path("out")))
    #expect(outcome.lastErrorLine.contains("File too large"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("")).isEmpty)
  }

  /// The tiny adapter with two layers, whose rows are too long for the tiny LLaMA.
  private func widened(_ scratch: ScratchDirectory) throws -> String {
    let adapter = try PEFTAdapter(directory: TinyChat.adapter)
    let path = scratch.path("widened")
    try PEFTAdapter(
      configuration: adapter.configuration,
      layers: Array(adapter.layers.prefix(2))
    ).write(to: path)
    return path
  }

  /// The tiny adapter with another rank in its configuration.
  private func misranked(_ scratch: ScratchDirectory) throws -> String {
    let path = try scratch.copy(TinyChat.adapter, to: "misranked")
    let name = "misranked/adapter_config.json"
    let text = try scratch.text(name)
    let changed = text.replacing(/"r": \d+/, with: "\"r\": 5")
    #expect(changed != text)
    try scratch.write(changed, to: name)
    return path
  }
}
