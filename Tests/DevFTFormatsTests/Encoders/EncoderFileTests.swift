import DevFTFormats
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Encoders in Hugging Face directories")
struct EncoderFileTests {
  @Test("say what they are", arguments: EncoderCase.names)
  func architecture(name: String) throws {
    let file = try openModelFile(at: EncoderCase.path("\(name)/model"))
    let encoder = try #require(file.architecture.encoder)
    #expect(encoder.family.rawValue == name)
    #expect(encoder.firstPosition == (name == "bert" ? 0 : 2))
    #expect(file.architecture.contextLength == 48)
    #expect(encoder.labels == (name == "bert" ? ["calm", "angry", "glad"] : []))
    #expect(encoder.headLabelCount == (name == "bert" ? 3 : 2))
    let query = try file.tensor("model.layers.1.self_attn.q_proj.weight")
    #expect(query.shape == [file.architecture.width, file.architecture.width])
    #expect(file.hasTensor("model.layers.0.post_attention_layernorm.bias"))
    #expect(!file.hasTensor("model.layers.0.mlp.gate_proj.weight"))
  }

  /// A pre-trained checkpoint: another head, no prefix, older names of norms, no names of classes.
  private func withCheckpoint(
    _ change: (_ configuration: String) -> String = { $0 },
    dropping dropped: String = "none",
    _ body: (String) throws -> Void
  ) throws {
    try FormatsFixture.withDirectory { directory in
      let model = EncoderCase.path("bert/model")
      let file = try SafetensorsFile(path: "\(model)/model.safetensors")
      var tensors = NamedTensors()
      for name in file.tensorNames where !name.hasPrefix("classifier.") && !name.contains(dropped) {
        let spelling = name.replacingOccurrences(of: "bert.", with: "")
          .replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
          .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")
        tensors[spelling] = try file.tensor(named: name)
      }
      tensors["cls.predictions.bias"] = Tensor(shape: [700])
      tensors["cls.predictions.transform.LayerNorm.gamma"] = Tensor(shape: [24])
      try SafetensorsWriter.encode(tensors)
        .write(to: URL(fileURLWithPath: "\(directory)/model.safetensors"))
      let configuration = try String(contentsOfFile: "\(model)/config.json", encoding: .utf8)
        .replacingOccurrences(of: "BertForSequenceClassification", with: "BertForMaskedLM")
        .replacingOccurrences(of: "id2label", with: "unread")
      try Data(change(configuration).utf8)
        .write(to: URL(fileURLWithPath: "\(directory)/config.json"))
      try body(directory)
    }
  }

  @Test("may be pre-trained ones without a head")
  func checkpoint() throws {
    let tuned = try openModelFile(at: EncoderCase.path("bert/model"))
    try withCheckpoint { directory in
      let file = try openModelFile(at: directory)
      #expect(file.architecture.encoder?.headLabelCount == nil)
      #expect(file.architecture.encoder?.labels == [])
      for name in ["embeddings.LayerNorm.bias", "model.layers.2.input_layernorm.weight"] {
        #expect(try file.tensor(name) == tuned.tensor(name))
      }
    }
  }

  static let refusals: [(old: String, new: String, words: [String])] = [
    ("\"gelu\"", "\"relu\"", ["hidden_act", "relu", "gelu"]),
    ("BertForMaskedLM", "BertForTokenClassification", ["BertForTokenClassification", "Roberta"]),
    ("\"num_attention_heads\": 4", "\"num_attention_heads\": 5", ["hidden_size 24", "5"]),
    ("\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": 0", ["layer_norm_eps"]),
    ("\"vocab_size\": 700", "\"vocab_size\": 701", ["[700, 24]", "[701, 24]"]),
  ]

  @Test("are refused when they are of another kind", arguments: refusals.indices)
  func refusal(index: Int) throws {
    let (old, new, words) = Self.refusals[index]
    try withCheckpoint({ $0.replacingOccurrences(of: old, with: new) }) { directory in
      let error = try FormatsFixture.error { try openModelFile(at: directory) }
      for word in words { #expect(error.description.contains(word), "\(error)") }
    }
  }

  @Test("are refused when a tensor is missing")
  func missing() throws {
    try withCheckpoint(dropping: "layer.1.output.dense.bias") { directory in
      let error = try FormatsFixture.error { try openModelFile(at: directory) }
      #expect(error.description.contains("model.layers.1.mlp.down_proj.bias"))
    }
  }

  @Test("have adapters that keep PEFT's names both ways", arguments: EncoderCase.names)
  func adapter(name: String) throws {
    let golden = try EncoderCase(name)
    let saved = try SafetensorsFile(
      path: EncoderCase.path("\(name)/adapter/adapter_model.safetensors")
    )
    #expect(golden.adapter.tensors == (try saved.tensors()))
    try golden.adapter.check(fits: golden.file.architecture)
    let files = try golden.adapter.encoded()
    let again = try PEFTAdapter(configuration: files.configuration, weights: files.weights)
    #expect(again == golden.adapter)
  }

  @Test("have adapters on the feed-forward output alone")
  func downAlone() throws {
    let golden = try EncoderCase("bert")
    let layers = golden.adapter.layers.map { layer in
      NamedTensors(
        Dictionary(
          uniqueKeysWithValues: layer.names.filter { $0.hasPrefix("mlp.down") }
            .compactMap { name in layer[name].map { (name, $0) } }
        )
      )
    }
    let adapter = try PEFTAdapter(
      configuration: LoRAConfiguration(rank: 3, alpha: 7, targets: [.down], encoder: .bert),
      layers: layers,
      head: golden.adapter.head
    )
    let files = try adapter.encoded()
    let text = String(decoding: files.configuration, as: UTF8.self)
    #expect(text.contains("layer.2.output.dense") && !text.contains("\"output.dense\""))
    #expect(try PEFTAdapter(configuration: files.configuration, weights: files.weights) == adapter)
  }

  @Test("have adapters whose head must be the family's")
  func badHead() throws {
    let golden = try EncoderCase("bert")
    var head = golden.adapter.head
    head["classifier.bias"] = Tensor(shape: [2])
    #expect(throws: FormatError.self) {
      try PEFTAdapter(
        configuration: golden.adapter.configuration,
        layers: golden.adapter.layers,
        head: head
      )
    }
    #expect(throws: FormatError.self) {
      try PEFTAdapter(
        configuration: golden.adapter.configuration,
        layers: golden.adapter.layers
      )
    }
  }
}
