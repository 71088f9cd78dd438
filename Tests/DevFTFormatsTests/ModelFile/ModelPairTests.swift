import DevFTFormats
import DevFTTensor
import Foundation
import Testing

@Suite("One model in two containers")
struct ModelPairTests {
  private func names(_ architecture: ModelArchitecture) -> [String] {
    let layers = (0..<architecture.layerCount).flatMap { index in
      architecture.layerTensorShapes.keys.map { ModelTensorName.inLayer(index, $0) }
    }
    return layers + architecture.outerTensorShapes.keys
  }

  @Test("all tensors agree, query and key rows included", arguments: ["llama", "qwen2"])
  func tensorsAgree(family: String) throws {
    let one = try openModelFile(at: FormatsFixture.path("\(family).gguf"))
    let other = try openModelFile(at: FormatsFixture.path("\(family)-hf"))
    for name in names(one.architecture) {
      let tensor = try other.tensor(name)
      #expect(try one.tensor(name) == tensor, "\(name)")
      guard tensor.shape.count == 2 else { continue }
      let rows = tensor.shape[0] / 3..<tensor.shape[0] - 1
      let elements = tensor.elements[
        rows.lowerBound * tensor.shape[1]..<rows.upperBound * tensor.shape[1]
      ]
      let expected = Tensor(shape: [rows.count, tensor.shape[1]], elements: Array(elements))
      #expect(try one.rows(rows, of: name) == expected, "rows of \(name)")
      #expect(try other.rows(rows, of: name) == expected, "rows of \(name)")
    }
  }

  @Test("the architectures agree but for the spelling of rotary scaling")
  func architecturesAgree() throws {
    var llama = try openModelFile(at: FormatsFixture.path("llama-hf")).architecture
    #expect(
      llama
        == ModelArchitecture(
          family: "llama",
          vocabularySize: 31,
          width: 16,
          layerCount: 2,
          headCount: 4,
          keyValueHeadCount: 2,
          headWidth: 6,
          feedForwardWidth: 20,
          ropeBase: 50000,
          ropeScaling: .llama3(
            factor: 8,
            lowFrequencyFactor: 1,
            highFrequencyFactor: 4,
            originalContextLength: 64
          ),
          normEpsilon: 2e-5,
          tiesEmbeddings: false,
          contextLength: 128
        )
    )
    let file = try openModelFile(at: FormatsFixture.path("llama.gguf")).architecture
    let factors = try #require(file.ropeFrequencyFactors)
    // Pair 0 turns often in the original context and is kept, the last seldom and is divided.
    #expect(factors.count == 3 && factors[0] == 1 && abs(factors[2] - 8) < 1e-5)
    llama.ropeScaling = nil
    llama.ropeFrequencyFactors = factors
    llama.normEpsilon = Double(Float(2e-5))
    #expect(file == llama)

    var qwen2 = try openModelFile(at: FormatsFixture.path("qwen2-hf")).architecture
    #expect(qwen2.hasAttentionBias && qwen2.tiesEmbeddings && qwen2.headWidth == 4)
    qwen2.normEpsilon = Double(Float(1e-6))
    #expect(try openModelFile(at: FormatsFixture.path("qwen2.gguf")).architecture == qwen2)
  }

  @Test("a tied head is not there, other names neither", arguments: ["qwen2-hf", "qwen2.gguf"])
  func tiedHead(name: String) throws {
    let model = try openModelFile(at: FormatsFixture.path(name))
    #expect(!model.hasTensor("lm_head.weight"))
    #expect(model.hasTensor("model.layers.1.self_attn.k_proj.bias"))
    #expect(!model.hasTensor("model.layers.2.self_attn.k_proj.bias"))
    let error = try FormatsFixture.error { try model.tensor("lm_head.weight") }
    #expect(error.code == .missing && error.message.contains("lm_head.weight"))
  }

  @Test("a layer's tensors go by their names within it")
  func layer() throws {
    let model = try openModelFile(at: FormatsFixture.path("llama.gguf"))
    let layer = try model.layer(1)
    #expect(layer.count == 9)
    let name = "model.layers.1.mlp.down_proj.weight"
    #expect(try layer["mlp.down_proj.weight"] == model.tensor(name))
  }

  @Test("the tokenizer's source is the file or the directory")
  func tokenizerSource() throws {
    let directory = FormatsFixture.path("llama-hf")
    guard case .directory(directory) = try openModelFile(at: directory).tokenizerSource else {
      Issue.record("expected the directory")
      return
    }
    let file = try openModelFile(at: FormatsFixture.path("llama.gguf"))
    guard case .gguf(let metadata) = file.tokenizerSource else {
      Issue.record("expected metadata")
      return
    }
    #expect(metadata["general.architecture"] == .text("llama"))
  }

  @Test("a path without a model is refused in one line")
  func missing() throws {
    #expect(try FormatsFixture.error { try openModelFile(at: "/nonexistent") }.code == .missing)
    try FormatsFixture.withDirectory { directory in
      let error = try FormatsFixture.error { try openModelFile(at: directory) }
      #expect(error.code == .missing && error.path?.hasSuffix("config.json") == true)
    }
  }
}
