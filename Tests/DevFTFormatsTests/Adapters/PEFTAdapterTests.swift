import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("PEFT adapters")
struct PEFTAdapterTests {
  /// Two layers, rank 2, of a model that is 3 wide with 5 inner features.
  private func adapter() throws -> PEFTAdapter {
    let layers = (0..<2).map { index in
      NamedTensors([
        Projection.q.loraAName: fixedTensor(shape: [2, 3], phase: Double(index)),
        Projection.q.loraBName: fixedTensor(shape: [4, 2], phase: Double(index) + 0.5),
        Projection.down.loraAName: fixedTensor(shape: [2, 5], phase: Double(index) + 0.2),
        Projection.down.loraBName: fixedTensor(shape: [3, 2], phase: Double(index) + 0.7),
      ])
    }
    let configuration = LoRAConfiguration(
      rank: 2,
      alpha: 5,
      targets: [.q, .down],
      dropoutProbability: 0.1,
      baseModelName: "a/b",
      isRankStabilised: true
    )
    return try PEFTAdapter(configuration: configuration, layers: layers)
  }

  @Test("an adapter that PEFT saved is read")
  func readsForeign() throws {
    let adapter = try PEFTAdapter(directory: FormatsFixture.path("adapter"))
    let expected = LoRAConfiguration(
      rank: 3,
      alpha: 6,
      targets: [.q, .v, .down],
      dropoutProbability: 0.1,
      baseModelName: "tiny-llama"
    )
    #expect(adapter.configuration == expected)
    #expect(adapter.layers.count == 2)
    #expect(adapter.layers[1]["mlp.down_proj.lora_A.weight"]?.shape == [3, 20])
    #expect(adapter.layers[1]["mlp.down_proj.lora_B.weight"]?.shape == [16, 3])
    try adapter.check(fits: openModelFile(at: FormatsFixture.path("llama-hf")).architecture)
  }

  @Test("it is written again with the same tensors under the same names")
  func writesForeignAgain() throws {
    let path = FormatsFixture.path("adapter")
    let adapter = try PEFTAdapter(directory: path)
    let original = try SafetensorsFile(path: "\(path)/adapter_model.safetensors").tensors()
    #expect(adapter.tensors == original)
    try FormatsFixture.withDirectory { directory in
      try adapter.write(to: "\(directory)/adapter")
      #expect(try PEFTAdapter(directory: "\(directory)/adapter") == adapter)
      let file = try SafetensorsFile(path: "\(directory)/adapter/adapter_model.safetensors")
      #expect(try file.tensors() == original)
    }
  }

  @Test("an adapter comes back as it was written, and its bytes are stable")
  func roundTrip() throws {
    let adapter = try adapter()
    let (configuration, weights) = try adapter.encoded()
    let again = try PEFTAdapter(configuration: configuration, weights: weights)
    #expect(again == adapter)
    #expect(try again.encoded().configuration == configuration)
    #expect(try again.encoded().weights == weights)
    let text = String(decoding: configuration, as: UTF8.self)
    for line in [
      #""base_model_name_or_path" : "a/b""#, #""bias" : "none""#, #""lora_alpha" : 5"#,
      #""peft_type" : "LORA""#, #""r" : 2"#, #""task_type" : "CAUSAL_LM""#, #""use_rslora" : true"#,
    ] {
      #expect(text.contains(line))
    }
  }

  @Test("every prefix of either file throws")
  func prefixes() throws {
    let (configuration, weights) = try adapter().encoded()
    // Behind the closing brace there is only a line's end.
    for length in 0..<configuration.count - 1 {
      #expect(throws: FormatError.self) {
        try PEFTAdapter(configuration: configuration.prefix(length), weights: weights)
      }
    }
    for length in 0..<weights.count {
      #expect(throws: FormatError.self) {
        try PEFTAdapter(configuration: configuration, weights: weights.prefix(length))
      }
    }
  }

  private func refusal(replacing old: String, by new: String) throws -> FormatError {
    let text = String(
      decoding: try FormatsFixture.contents("adapter/adapter_config.json"),
      as: UTF8.self
    )
    try #require(text.contains(old))
    let weights = try FormatsFixture.contents("adapter/adapter_model.safetensors")
    return try FormatsFixture.error {
      try PEFTAdapter(
        configuration: Data(text.replacingOccurrences(of: old, with: new).utf8),
        weights: weights
      )
    }
  }

  @Test(
    "other kinds of adapters are refused by name",
    arguments: [
      (#""peft_type": "LORA""#, #""peft_type": "IA3""#, "IA3"),
      (#""bias": "none""#, #""bias": "all""#, "all"),
      (#""use_dora": false"#, #""use_dora": true"#, "use_dora"),
      (#""rank_pattern": {}"#, #""rank_pattern": {"q_proj": 4}"#, "rank_pattern"),
      (#""alpha_pattern": {}"#, #""alpha_pattern": {"q_proj": 4}"#, "alpha_pattern"),
      (#""modules_to_save": null"#, #""modules_to_save": ["lm_head"]"#, "modules_to_save"),
      (#""layers_to_transform": null"#, #""layers_to_transform": 0"#, "layers_to_transform"),
      (#""fan_in_fan_out": false"#, #""fan_in_fan_out": true"#, "fan_in_fan_out"),
      (#""init_lora_weights": false"#, #""init_lora_weights": "pissa""#, "pissa"),
      (#""v_proj","#, #""lm_head","#, "lm_head"),
    ]
  )
  func unsupported(old: String, new: String, named: String) throws {
    let error = try refusal(replacing: old, by: new)
    #expect(error.code == .unsupported && error.message.contains(named))
  }

  @Test("values that make no sense are refused")
  func malformed() throws {
    #expect(try refusal(replacing: #""r": 3"#, by: #""r": 0"#).code == .malformed)
    #expect(try refusal(replacing: #""r": 3"#, by: #""r": 4"#).message.contains("rank 4"))
    #expect(try refusal(replacing: #""r": 3"#, by: #""s": 3"#).message.contains("r is missing"))
    let dropout = try refusal(replacing: #""lora_dropout": 0.1"#, by: #""lora_dropout": 1.5"#)
    #expect(dropout.code == .malformed)
    let fewer = try refusal(replacing: #""v_proj","#, by: "")
    #expect(fewer.message.contains("holds tensor self_attn.v_proj.lora_A.weight, expected"))
  }

  /// Changes the tensors of the small adapter and reads it.
  private func refusal(_ change: (inout NamedTensors) -> Void) throws -> FormatError {
    let adapter = try adapter()
    var tensors = adapter.tensors
    change(&tensors)
    let configuration = try adapter.encoded().configuration
    return try FormatsFixture.error {
      try PEFTAdapter(configuration: configuration, weights: SafetensorsWriter.encode(tensors))
    }
  }

  @Test("tensors that are missing, misshapen or too many are named")
  func tensors() throws {
    let prefix = "base_model.model.model.layers."
    let name = "self_attn.q_proj.lora_B.weight"
    let missing = try refusal { $0["\(prefix)1.\(name)"] = nil }
    #expect(missing.code == .missing && missing.message.contains("layer 1"))
    let shape = try refusal { $0["\(prefix)1.\(name)"] = fixedTensor(shape: [5, 2]) }
    #expect(shape.code == .malformed && shape.message.contains("[5, 2]"))
    let turned = try refusal { $0["\(prefix)0.\(name)"] = fixedTensor(shape: [2, 4]) }
    #expect(turned.code == .malformed)
    let magnitude = "\(prefix)0.self_attn.q_proj.lora_magnitude_vector"
    #expect(try refusal { $0[magnitude] = fixedTensor(shape: [4]) }.code == .malformed)
    let head = try refusal {
      $0["base_model.model.lm_head.lora_A.weight"] = fixedTensor(shape: [1])
    }
    #expect(head.code == .unsupported && head.message.contains("lm_head"))
    let gap = try refusal { tensors in
      for name in tensors.names where name.hasPrefix("\(prefix)1.") {
        tensors["\(prefix)9\(name.dropFirst(prefix.count + 1))"] = tensors[name]
        tensors[name] = nil
      }
    }
    #expect(gap.code == .missing && gap.message.contains("layer 1"))
    #expect(try refusal { $0 = NamedTensors() }.code == .missing)
  }

  @Test("an adapter of another model is refused")
  func fits() throws {
    let adapter = try PEFTAdapter(directory: FormatsFixture.path("adapter"))
    var architecture = try openModelFile(at: FormatsFixture.path("llama-hf")).architecture
    architecture.feedForwardWidth = 21
    let error = try FormatsFixture.error { try adapter.check(fits: architecture) }
    #expect(error.message.contains("[3, 20]") && error.message.contains("[3, 21]"))
    architecture.layerCount = 3
    #expect(throws: FormatError.self) { try adapter.check(fits: architecture) }
  }

  @Test("a directory that is missing or incomplete is refused")
  func directories() throws {
    #expect(
      try FormatsFixture.error { try PEFTAdapter(directory: "/nonexistent") }.code == .missing
    )
    try FormatsFixture.withCopy(of: "adapter") { directory in
      try FileManager.default.removeItem(atPath: "\(directory)/adapter_config.json")
      let error = try FormatsFixture.error { try PEFTAdapter(directory: directory) }
      #expect(error.code == .missing && error.path?.hasSuffix("adapter_config.json") == true)
    }
  }
}
