import DevFTFormats
import DevFTTensor
import Testing

@Suite("Projections and LoRA configurations")
struct ProjectionTests {
  @Test("names are Hugging Face's and PEFT's")
  func names() {
    #expect(
      Projection.allCases.map(\.moduleName) == [
        "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
        "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
      ]
    )
    #expect(Projection.gate.loraAName == "mlp.gate_proj.lora_A.weight")
    #expect(Projection.k.loraBName == "self_attn.k_proj.lora_B.weight")
    #expect(Projection.k.biasName == "self_attn.k_proj.bias")
    #expect(Projection.down.weightName == "mlp.down_proj.weight")
  }

  @Test("widths are those of the model's weights")
  func widths() throws {
    let model = try openModelFile(at: FormatsFixture.path("llama.gguf"))
    for projection in Projection.allCases {
      let shape = try model.tensor("model.layers.0.\(projection.weightName)").shape
      let architecture = model.architecture
      let widths = [
        projection.outputWidth(in: architecture), projection.inputWidth(in: architecture),
      ]
      #expect(shape == widths)
    }
  }

  @Test("the scale divides alpha by the rank, or by its root when stabilised")
  func scale() {
    #expect(LoRAConfiguration(rank: 4, alpha: 6, targets: [.q]).scale == 1.5)
    let stabilised = LoRAConfiguration(rank: 4, alpha: 6, targets: [.q], isRankStabilised: true)
    #expect(stabilised.scale == 3)
  }

  @Test("targets have one order and no repetition")
  func targets() {
    let configuration = LoRAConfiguration(rank: 1, alpha: 1, targets: [.down, .v, .q, .v])
    #expect(configuration.targets == [.q, .v, .down])
  }
}
