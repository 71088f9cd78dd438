import DevFTStages
import Foundation
import Testing

@testable import DevFTRuntime

@Suite("Run configuration")
struct RunConfigurationTests {
  static let minimal = "model: tiny.gguf\ndata:\n  path: homes.jsonl\n"

  static let sample = """
    seed: 9
    model: smollm2-135m-instruct   # a comment
    data:
      path: homes.jsonl
      eval: "held out.jsonl"
      partition: { kind: field, field: household }
      max_length: 128
      template: chatml
      over_long: skip
    lora: { rank: 8, alpha: 16, targets: [q, down], dropout: 0.1 }
    federation:
      { method: local-only, clients: 12, clients_per_round: 3, rounds: 10, min_clients: 2,
        weighting: uniform, workers: 2 }
    local: { steps: 4, epochs: 2, batch: 2, learning_rate: 1e-3, final_learning_rate: 2e-6,
      schedule: constant, warmup_steps: 1, weight_decay: 0.01, clip: null }
    stages:
      construction: robust
      capacities: [4, 8, 30]
      rounds: [2, 3, 5]
      grouping: { max_group_size: 11, contiguous: none }
      fusion: { kind: dblf-rescaled, beta: 0.15 }
    memory: { budget: 1.5GiB, precision: f32, recompute: always }
    network: { uplink_mbps: 2.5, downlink_mbps: 20 }
    eval: { every: 0, examples: 50, generate: 7 }
    """

  @Test("the two required keys alone give the documented defaults")
  func defaults() throws {
    let configuration = try RunConfiguration(yaml: Self.minimal, name: "c.yaml")
    #expect(configuration == RunConfiguration(model: "tiny.gguf", dataPath: "homes.jsonl"))
    #expect(configuration.federation.clients == 20)
    #expect(configuration.federation.clientsPerRound == 2)
    #expect(configuration.federation.rounds == 40)
    #expect(configuration.local.steps == 10)
    #expect(configuration.local.batch == 16)
    #expect(configuration.local.learningRate == 5e-5)
    #expect(configuration.local.finalLearningRate == 1e-6)
    #expect(configuration.lora.targets == [.q, .v])
    #expect(configuration.lora.alpha == 64)
    #expect(configuration.stages == nil)
  }

  @Test("every key of a file reaches its property")
  func everyKey() throws {
    let configuration = try RunConfiguration(yaml: Self.sample, name: "c.yaml")
    #expect(configuration.seed == 9)
    #expect(configuration.data.eval == "held out.jsonl")
    #expect(configuration.data.partition.kind == .field)
    #expect(configuration.data.partition.field == "household")
    #expect(configuration.data.maxLength == 128)
    #expect(configuration.data.template == .chatml)
    #expect(configuration.data.overLong == .skip)
    #expect(configuration.lora.rank == 8)
    #expect(configuration.lora.targets == [.q, .down])
    #expect(configuration.lora.dropout == 0.1)
    #expect(configuration.federation.method == .localOnly)
    #expect(configuration.federation.minClients == 2)
    #expect(configuration.federation.weighting == .uniform)
    #expect(configuration.local.epochs == 2)
    #expect(configuration.local.learningRate == 0.001)
    #expect(configuration.local.schedule == .constant)
    #expect(configuration.local.clip == nil)
    let stages = try #require(configuration.stages)
    #expect(stages.capacities == [4, 8, 30])
    #expect(stages.rounds == [2, 3, 5])
    #expect(stages.roundCounts(totalRounds: 10) == [2, 3, 5])
    #expect(stages.roundCounts(totalRounds: 40) == [8, 12, 20])
    #expect(stages.construction.fusion.kind == .rescaled)
    #expect(configuration.memory.budget?.byteCount == 3 << 29)
    #expect(configuration.memory.recompute == .always)
    #expect(configuration.network.uplinkMbps == 2.5)
    #expect(configuration.eval.examples == 50)
  }

  @Test("a recipe sets the parts that are not set beside it, whatever the order in the file")
  func recipe() throws {
    let stages = try #require(try RunConfiguration(yaml: Self.sample, name: "c").stages)
    #expect(stages.construction.recipe == .robust)
    #expect(stages.construction.grouping.laplacian == .symmetric)
    #expect(stages.construction.grouping.contiguity == LayerGrouping.Contiguity.none)
    #expect(stages.construction.grouping.maximumGroupSize == 11)
    #expect(stages.construction.fusion.isGuarded)
    let reversed = Self.minimal + "stages: { fusion: { beta: 0.3 }, construction: robust }"
    let other = try #require(try RunConfiguration(yaml: reversed, name: "c").stages)
    #expect(other.construction.fusion.beta == 0.3)
    #expect(other.construction.fusion.isGuarded)
  }

  @Test("the keys of the stages are those that the stages' own types read and write")
  func stageKeys() {
    #expect(LayerGrouping.keys.map(\.name).sorted() == LayerGrouping.configurationKeys.sorted())
    #expect(LayerFusion.keys.map(\.name).sorted() == LayerFusion.configurationKeys.sorted())
  }

  @Test("an overridden recipe keeps what the file sets beside it")
  func overriddenRecipe() throws {
    let yaml = Self.minimal + "stages: { fusion: { beta: 0.3 } }"
    let changed = try RunConfiguration(
      yaml: yaml,
      name: "c",
      overrides: ["stages.construction=robust"]
    )
    #expect(changed.stages?.construction.fusion.beta == 0.3)
    #expect(changed.stages?.construction.grouping.laplacian == .symmetric)
  }

  @Test(
    "the resolved copy reads back equal and writes the same bytes",
    arguments: [minimal, sample]
  )
  func resolvedRoundTrip(yaml: String) throws {
    let first = try RunConfiguration(yaml: yaml, name: "c.yaml")
    let second = try RunConfiguration(yaml: first.resolvedYAML, name: "resolved")
    #expect(first == second)
    #expect(first.resolvedYAML == second.resolvedYAML)
    #expect(first.resolvedYAML.contains("\n  clients_per_round: "))
  }

  @Test(
    "texts that look like something else survive the resolved copy",
    arguments: ["7", "null", "~", "a: b", "#x", "C:\\x\"y", "tab\there", "é日本", "-", "true", " x "]
  )
  func awkwardTexts(text: String) throws {
    var configuration = RunConfiguration(model: "m", dataPath: text)
    configuration.data.partition.field = text
    let yaml = configuration.resolvedYAML
    #expect(try RunConfiguration(yaml: yaml, name: "resolved") == configuration)
  }

  @Test("overrides win over the file, later ones over earlier ones")
  func overrides() throws {
    let configuration = try RunConfiguration(
      yaml: Self.sample,
      name: "c.yaml",
      overrides: [
        "lora.rank=4", "lora.rank=2", "lora.targets=[k, v]", "stages=null", "data.eval=null",
        "memory={budget: 3GB}",
      ]
    )
    #expect(configuration.lora.rank == 2)
    #expect(configuration.lora.alpha == 16)
    #expect(configuration.lora.targets == [.k, .v])
    #expect(configuration.stages == nil)
    #expect(configuration.data.eval == nil)
    #expect(configuration.memory.budget?.byteCount == 3_000_000_000)
    #expect(configuration.memory.precision == .f32)
  }

  @Test("paths count from the file's folder, those of overrides from the working directory")
  func paths() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "c.yaml")
    try Data((Self.minimal + "  eval: ../x/held.jsonl\n").utf8).write(to: file)
    let plain = try RunConfiguration.load(file: file.path)
    #expect(plain.data.path == folder.appending(path: "homes.jsonl").path)
    #expect(plain.model == folder.appending(path: "tiny.gguf").path)
    #expect(plain.data.eval == folder.deletingLastPathComponent().path + "/x/held.jsonl")
    let changed = try RunConfiguration.load(
      file: file.path,
      overrides: ["data.path=h.jsonl", "model=smollm2-135m-instruct"]
    )
    #expect(changed.data.path == FileManager.default.currentDirectoryPath + "/h.jsonl")
    #expect(changed.model == "smollm2-135m-instruct")
  }
}
