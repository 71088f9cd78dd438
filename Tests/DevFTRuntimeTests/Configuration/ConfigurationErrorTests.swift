import Testing

@testable import DevFTRuntime

@Suite("Configuration errors")
struct ConfigurationErrorTests {
  static let head = "model: m\ndata:\n  path: d\n"

  private func failure(_ yaml: String, _ overrides: [String] = []) -> ConfigurationError? {
    #expect(throws: ConfigurationError.self) {
      _ = try RunConfiguration(yaml: yaml, name: "c.yaml", overrides: overrides)
    }
  }

  @Test("an unknown key names file, line, full key and the nearest known one")
  func unknownKey() {
    let error = failure(Self.head + "lora:\n  rnak: 3\n")
    #expect(error?.code == .unknownKey)
    #expect(error?.line == 5)
    #expect(error?.description == "c.yaml:5: lora.rnak: unknown key; did you mean lora.rank?")
  }

  @Test(
    "the nearest key may stand in another section",
    arguments: [
      ("rank: 3", "rank: unknown key; did you mean lora.rank?"),
      ("rounds: 3", "rounds: unknown key; did you mean federation.rounds?"),
      ("federatoin: {}", "federatoin: unknown key; did you mean federation?"),
      (
        "stages: { fusion: { btea: 1 } }",
        "stages.fusion.btea: unknown key; did you mean stages.fusion.beta?"
      ),
      (
        "network: { zebra: 1 }",
        "network.zebra: unknown key; known here: uplink_mbps, downlink_mbps, uplink_format, downlink_format"
      ),
    ]
  )
  func nearest(yaml: String, message: String) {
    #expect(failure(Self.head + yaml)?.description == "c.yaml:4: " + message)
  }

  @Test("an override is named as the place of its error")
  func overrides() {
    #expect(
      failure(Self.head, ["lora.rnak=3"])?.description
        == "--set lora.rnak=3: lora.rnak: unknown key; did you mean lora.rank?"
    )
    #expect(
      failure(Self.head, ["lora.rank=x"])?.description
        == "--set lora.rank=x: lora.rank: expected a whole number from 1 to 65536, got \"x\""
    )
    #expect(failure(Self.head, ["lora.rank="])?.code == .wrongValue)
    #expect(failure(Self.head, ["lora=3"])?.code == .wrongValue)
    for text in ["", "=", "lora.rank", "=3"] {
      #expect(failure(Self.head, [text])?.code == .syntax)
    }
    for text in [".=1", "a..b=1", "lora.=1"] {
      #expect(failure(Self.head, [text])?.code == .unknownKey)
    }
  }

  @Test(
    "a wrong value names line, key, what was expected and what came",
    arguments: [
      ("lora: { rank: 0 }", "lora.rank", "a whole number from 1 to 65536, got \"0\""),
      ("lora: { rank: 8.5 }", "lora.rank", "a whole number from 1 to 65536, got \"8.5\""),
      ("lora: { rank: \"8\" }", "lora.rank", "from 1 to 65536, got the text \"8\""),
      ("lora: { rank: }", "lora.rank", "got nothing"),
      ("lora: { rank: [8] }", "lora.rank", "got a list"),
      ("lora: { rank: {a: 1} }", "lora.rank", "got a section of keys"),
      ("lora: { alpha: 0 }", "lora.alpha", "a number above 0.0, got \"0\""),
      ("lora: { dropout: 1 }", "lora.dropout", "a number from 0.0 to less than 1.0, got \"1\""),
      ("lora: { targets: [] }", "lora.targets", "at least one and none twice, got a list"),
      ("lora: { targets: [q, q] }", "lora.targets", "none twice, got a list"),
      ("lora: { targets: [q, w] }", "lora.targets", "one of q, k, v, o, gate, up, down"),
      ("lora: 3", "lora", "a section of keys ({} for its defaults), got \"3\""),
      ("lora:", "lora", "got nothing"),
      ("stages:", "stages", "got nothing"),
      ("seed: -1", "seed", "a whole number from 0 to"),
      ("seed: 99999999999999999999", "seed", "a whole number from 0 to"),
      (
        "federation: { ranks: [4, 0] }", "federation.ranks",
        "each item a whole number of at least 1"
      ),
      ("federation: { ranks: [] }", "federation.ranks", "of at least 1"),
      ("federation: { options: { mu: -1 } }", "federation.options.mu", "of at least 0.0"),
      (
        "federation: { options: { server_beta1: 1 } }", "federation.options.server_beta1",
        "from 0.0 to less than 1.0"
      ),
      ("federation: { clients: 0 }", "federation.clients", "of at least 1, got \"0\""),
      (
        "federation: { method: fedt }", "federation.method",
        "one of fedit, fedprox, "
      ),
      ("local: { batch: 0 }", "local.batch", "a whole number from 1 to 65536, got \"0\""),
      ("local: { learning_rate: 0 }", "local.learning_rate", "a number above 0.0"),
      ("local: { learning_rate: -1 }", "local.learning_rate", "a number above 0.0"),
      ("local: { learning_rate: .nan }", "local.learning_rate", "got \".nan\""),
      ("local: { learning_rate: nan }", "local.learning_rate", "got \"nan\""),
      ("local: { learning_rate: inf }", "local.learning_rate", "got \"inf\""),
      ("local: { learning_rate: 1e999 }", "local.learning_rate", "got \"1e999\""),
      ("memory: { budget: 2 }", "memory.budget", "an amount with a unit, such as 2GB"),
      ("memory: { budget: 0GB }", "memory.budget", "an amount with a unit"),
      ("memory: { budget: 99999999999TB }", "memory.budget", "an amount with a unit"),
      ("stages: { capacities: [4, 4] }", "stages.capacities", "larger than the one before"),
      ("stages: { capacities: [8, 4] }", "stages.capacities", "larger than the one before"),
      ("stages: { capacities: [0, 4] }", "stages.capacities", "of at least 1"),
      ("stages: { capacities: [] }", "stages.capacities", "got a list"),
      ("stages: { fusion: { beta: 2 } }", "stages.fusion.beta", "a number from 0.0 to 1.0"),
    ]
  )
  func wrongValue(yaml: String, key: String, message: String) {
    let error = failure(Self.head + yaml)
    #expect(error?.code == .wrongValue)
    #expect(error?.path == "c.yaml")
    #expect(error?.line == 4)
    #expect(error?.key == key)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test(
    "values that exclude each other name the line of one and the value of the other",
    arguments: [
      (
        "federation: { clients: 3, clients_per_round: 5 }", "federation.clients_per_round",
        "at most federation.clients, which is 3, got 5"
      ),
      (
        "federation: { min_clients: 3 }", "federation.min_clients",
        "at most federation.clients_per_round, which is 2, got 3"
      ),
      ("local: { final_learning_rate: 1 }", "local.final_learning_rate", "5e-05, got 1.0"),
      ("stages: { rounds: [1, 2] }", "stages.rounds", "which is 40"),
      ("stages: { rounds: [9223372036854775807, 1] }", "stages.rounds", "which is 40"),
      ("stages: { rounds: [40], capacities: [4, 8] }", "stages.rounds", "that is 2, got 1"),
      ("{devices: {deadline: 60}}", "devices.deadline", "expected devices.gigaflops beside it"),
      (
        "{federation: {rounds: 1}, stages: {capacities: [1, 2]}}", "stages.capacities",
        "which is 1"
      ),
    ]
  )
  func contradictions(yaml: String, key: String, message: String) {
    let isFlow = yaml.hasPrefix("{")
    let text = isFlow ? "{model: m, data: {path: d}, " + yaml.dropFirst() : Self.head + yaml
    let error = failure(text)
    #expect(error?.code == .contradiction)
    #expect(error?.line == (isFlow ? 1 : 4))
    #expect(error?.key == key)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
  }

  @Test(
    "what a method cannot do is refused with its reason",
    arguments: [
      (
        "federation: { method: fedsa-lora }, stages: {}", "stages.grouping.similarity",
        "method fedsa-lora cannot have this: its server has no B; matrices or matrices+norms will do"
      ),
      (
        "federation: { method: ffa-lora }, stages: { fusion: { kind: sum } }", "stages.fusion.kind",
        "method ffa-lora cannot have this: a sum would multiply the A that nobody trains"
      ),
      (
        "federation: { method: fedit, ranks: [4, 2] }", "federation.ranks",
        "method fedit cannot have this: its clients all train the whole rank"
      ),
      (
        "federation: { method: scaffold }, local: { b_rate_ratio: 16 }", "local.b_rate_ratio",
        "method scaffold cannot have this: its control variates divide by one learning rate"
      ),
      (
        "federation: { method: flexlora, ranks: [4, 64] }", "federation.ranks",
        "expected each at most lora.rank, which is 32, got 64"
      ),
    ]
  )
  func methods(yaml: String, key: String, message: String) {
    let error = failure("{model: m, data: {path: d}, \(yaml)}")
    #expect(error?.code == .contradiction)
    #expect(error?.key == key)
    #expect(error?.message == message)
  }

  @Test("a partition by field needs the field", arguments: ["field", "dirichlet"])
  func partitionField(kind: String) {
    let error = failure(Self.head + "  partition: { kind: \(kind) }\n")
    #expect(error?.code == .contradiction)
    #expect(error?.key == "data.partition.kind")
  }

  @Test("missing required keys are named, in an empty file too")
  func missing() {
    #expect(failure("")?.code == .missingKey)
    #expect(failure("")?.key == "model")
    #expect(
      failure("model: m")?.description
        == "c.yaml:1: data.path: expected a text: JSONL file of training examples, also `.gz`; "
        + "got no such key"
    )
    #expect(failure("model: m\ndata: {}")?.key == "data.path")
    #expect(failure("data: { path: d }")?.key == "model")
  }

  @Test("a key that stands twice is refused with its line")
  func duplicate() {
    let error = failure(Self.head + "lora:\n  rank: 3\n  rank: 4\n")
    #expect(error?.code == .duplicateKey)
    #expect((4...6).contains(error?.line ?? 0))
    #expect(error?.message.contains("rank") == true)
  }

  @Test(
    "text that is not a configuration throws",
    arguments: ["{", "a: b: c", "\t- x", "- 1", "3", "? [a]\n: b", "&a [*a]", "%YAML 9"]
  )
  func syntax(yaml: String) { #expect(failure(yaml) != nil) }

  @Test("every prefix of a valid file gives a configuration or one clear line")
  func prefixes() {
    let yaml = RunConfigurationTests.sample
    for end in yaml.indices {
      do { _ = try RunConfiguration(yaml: String(yaml[..<end]), name: "c.yaml") } catch {
        #expect(!error.description.contains("\n"), "\(error)")
      }
    }
  }

  @Test("deep nesting is refused")
  func deepNesting() {
    let yaml = "model: " + String(repeating: "[", count: 50) + String(repeating: "]", count: 50)
    #expect(failure(yaml)?.code == .syntax)
  }

  @Test("a missing file is named")
  func missingFile() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try RunConfiguration.load(file: "/nonexistent/c.yaml")
    }
    #expect(error?.code == .unreadable)
    #expect(error?.path == "/nonexistent/c.yaml")
  }
}
