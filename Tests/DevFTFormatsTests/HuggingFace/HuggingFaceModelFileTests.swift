import DevFTFormats
import DevFTTensor
import Foundation
import Testing

@Suite("Hugging Face directories")
struct HuggingFaceModelFileTests {
  /// Replaces a text in a file of a copied model and opens it.
  private func refusal(
    _ model: String = "llama-hf",
    file: String = "config.json",
    replacing old: String,
    by new: String
  ) throws -> FormatError {
    try FormatsFixture.withCopy(of: model) { directory in
      try replace(old, new, in: "\(directory)/\(file)")
      return try FormatsFixture.error { try openModelFile(at: directory) }
    }
  }

  private func replace(_ old: String, _ new: String, in path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old))
    try Data(text.replacingOccurrences(of: old, with: new).utf8)
      .write(to: URL(fileURLWithPath: path))
  }

  @Test(
    "old and new spellings of a configuration say the same",
    arguments: ["llama-gqa", "llama-tied-rope3", "mha", "qwen2-bias"]
  )
  func spellings(model: String) throws {
    let new = try openModelFile(at: FormatsFixture.modelPath("\(model)/model"))
    try FormatsFixture.withDirectory { directory in
      try FileManager.default.copyItem(
        atPath: FormatsFixture.modelPath("\(model)/model/model.safetensors"),
        toPath: "\(directory)/model.safetensors"
      )
      try FileManager.default.copyItem(
        atPath: FormatsFixture.modelPath("\(model)/config-transformers-4.json"),
        toPath: "\(directory)/config.json"
      )
      #expect(try openModelFile(at: directory).architecture == new.architecture)
    }
    #expect((new.architecture.ropeScaling != nil) == (model == "llama-tied-rope3"))
    #expect(new.architecture.hasAttentionBias == (model == "qwen2-bias"))
  }

  @Test("one file and several shards hold the same model")
  func shards() throws {
    let sharded = try openModelFile(at: FormatsFixture.path("llama-hf"))
    try FormatsFixture.withCopy(of: "llama-hf") { directory in
      var all = NamedTensors()
      for shard in ["model-00001-of-00002", "model-00002-of-00002"] {
        let path = "\(directory)/\(shard).safetensors"
        let tensors = try SafetensorsFile(path: path).tensors()
        for name in tensors.names { all[name] = tensors[name] }
        try FileManager.default.removeItem(atPath: path)
      }
      try FileManager.default.removeItem(atPath: "\(directory)/model.safetensors.index.json")
      let none = try FormatsFixture.error { try openModelFile(at: directory) }
      #expect(none.code == .missing && none.message.contains("model.safetensors"))
      try SafetensorsWriter.write(all, to: "\(directory)/model.safetensors")
      let single = try openModelFile(at: directory)
      for index in 0..<2 { #expect(try single.layer(index) == sharded.layer(index)) }
    }
  }

  @Test("a shard or a tensor that is missing is named")
  func missingShard() throws {
    try FormatsFixture.withCopy(of: "llama-hf") { directory in
      let shard = "\(directory)/model-00002-of-00002.safetensors"
      let tensors = try SafetensorsFile(path: shard).tensors()
      try FileManager.default.removeItem(atPath: shard)
      let error = try FormatsFixture.error { try openModelFile(at: directory) }
      #expect(error.code == .missing && error.path == shard)

      var fewer = tensors
      let name = try #require(tensors.names.last)
      fewer[name] = nil
      try SafetensorsWriter.write(fewer, to: shard)
      let second = try FormatsFixture.error { try openModelFile(at: directory) }
      #expect(second.code == .missing && second.message.contains(name))
    }
    let index = "model.safetensors.index.json"
    let unlisted = try refusal(file: index, replacing: "model.norm.weight", by: "model.other")
    #expect(unlisted.code == .missing)
    let outside = try refusal(file: index, replacing: "model-00002", by: "../model-00002")
    #expect(outside.code == .malformed && outside.message.contains("../"))
  }

  @Test("shapes that differ are named with both")
  func shapes() throws {
    let error = try refusal(replacing: #""vocab_size": 31"#, by: #""vocab_size": 30"#)
    #expect(error.message == "tensor lm_head.weight has the shape [31, 16], expected [30, 16]")
    let layers = try refusal(replacing: #"num_hidden_layers": 2"#, by: #"num_hidden_layers": 1"#)
    #expect(layers.code == .unsupported && layers.message.contains("model.layers.1."))
    let more = try refusal(
      replacing: #"num_hidden_layers": 2"#,
      by: #"num_hidden_layers": 9999999"#
    )
    #expect(more.code == .missing && more.message.contains("model.layers.2."))
  }

  @Test(
    "features that are not supported are named",
    arguments: [
      ("LlamaForCausalLM", "GemmaForCausalLM"), (#""silu""#, #""gelu""#),
      (#""llama3""#, #""yarn""#), (#""mlp_bias": false"#, #""mlp_bias": true"#),
      (#""mlp_bias": false"#, #""quantization_config": {"quant_method": "gptq"}"#),
      (#""rope_type""#, #""partial_rotary_factor": 0.5, "rope_type""#),
    ]
  )
  func unsupported(old: String, new: String) throws {
    let error = try refusal(replacing: old, by: new)
    #expect(error.code == .unsupported && error.path?.hasSuffix("config.json") == true)
  }

  @Test(
    "values that make no sense are named",
    arguments: [
      (#""vocab_size": 31"#, #""vocab_size": -31"#), (#""vocab_size": 31"#, #""vocab_size": "31""#),
      (#""hidden_size": 16"#, #""hidden_size": 99999999999"#), ("{", "["),
      (#""num_key_value_heads": 2"#, #""num_key_value_heads": 3"#),
      (#""head_dim": 6"#, #""head_dim": 5"#), (#""head_dim": 6"#, #""head_dim": 0"#),
      (#""rms_norm_eps": 2e-05"#, #""rms_norm_eps": 0"#),
      (#""low_freq_factor": 1.0"#, #""low_freq_factor": 4.0"#),
      (#""factor": 8.0"#, #""factor": -8.0"#),
    ]
  )
  func malformed(old: String, new: String) throws {
    #expect(try refusal(replacing: old, by: new).code == .malformed)
  }

  @Test("a key that is missing is named")
  func missingKey() throws {
    let error = try refusal(replacing: "hidden_size", by: "other_size")
    #expect(error.code == .missing && error.message.contains("hidden_size"))
  }

  @Test("an attention window below the context is refused, one that never applies is not")
  func slidingWindow() throws {
    let mistral = ("LlamaForCausalLM", "MistralForCausalLM")
    for (window, isRefused) in [("64", true), ("128", false), ("null", false)] {
      try FormatsFixture.withCopy(of: "llama-hf") { directory in
        let path = "\(directory)/config.json"
        try replace(mistral.0, mistral.1, in: path)
        try replace(#""mlp_bias": false"#, #""sliding_window": \#(window)"#, in: path)
        let result = Result { try openModelFile(at: directory).architecture.family }
        #expect((try? result.get()) == (isRefused ? nil : "mistral"))
      }
    }
    try FormatsFixture.withCopy(of: "qwen2-hf") { directory in
      let path = "\(directory)/config.json"
      try replace(#""sliding_window": null"#, #""sliding_window": 8"#, in: path)
      _ = try openModelFile(at: directory)
      try replace("full_attention", "sliding_attention", in: path)
      try replace(#""max_window_layers": 28"#, #""max_window_layers": 1"#, in: path)
      _ = try openModelFile(at: directory)
      try replace(#""use_sliding_window": false"#, #""use_sliding_window": true"#, in: path)
      let error = try FormatsFixture.error { try openModelFile(at: directory) }
      #expect(error.code == .unsupported && error.message.contains("sliding_window is 8"))
    }
  }
}
