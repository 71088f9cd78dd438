import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("The decoder against PyTorch, transformers and PEFT")
struct GoldenDecoderTests {
  @Test("every layer's output, the logits and the loss", arguments: GoldenCase.names)
  func forward(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let result = decoder.hiddenStates(of: golden.batch, adapter: operands)
    for (index, state) in result.states.enumerated() {
      let difference = relativeDifference(state, try golden.expected("hidden.\(index)"))
      #expect(difference < 1e-4, "after layer \(index)")
    }
    #expect(relativeDifference(result.logits, try golden.expected("logits")) < 1e-4)
    let loss = decoder.loss(of: golden.batch, adapter: operands).mean
    #expect(abs(loss - Double(try golden.expected("loss").elements[0])) < 1e-5)
    let bare = decoder.loss(of: golden.batch, adapter: decoder.operands([], scale: 1)).mean
    #expect(abs(bare - Double(try golden.expected("loss_base").elements[0])) < 1e-5)
  }

  @Test("every LoRA gradient and that of the embeddings", arguments: GoldenCase.names)
  func backward(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let result = decoder.lossAndGradient(of: golden.batch, adapter: operands)
    #expect(abs(result.loss.mean - Double(try golden.expected("loss").elements[0])) < 1e-5)
    let embedding = try golden.expected("grad.hidden.0")
    #expect(relativeDifference(result.embeddingGradient, embedding) < 1e-4)
    for (index, layer) in result.adapterGradient.enumerated() {
      #expect(layer.names == golden.adapter[index].names)
      for name in layer.names {
        let gradient = try #require(layer[name])
        let expected = try golden.expected("grad.layers.\(index).\(name)")
        #expect(gradient.shape == expected.shape)
        #expect(relativeDifference(gradient, expected) < 1e-4, "layer \(index) \(name)")
      }
    }
  }

  @Test("bfloat16 stays near float32", arguments: GoldenCase.names)
  func bfloat16(name: String) throws {
    guard Precision.bfloat16.isSupported else { return }
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .bfloat16, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let loss = decoder.loss(of: golden.batch, adapter: operands).mean
    #expect(abs(loss - Double(try golden.expected("loss").elements[0])) < 0.05)
  }

  @Test(
    "bfloat16 gradients stay near float32's, kept or computed again",
    arguments: GoldenCase.names,
    Recomputation.allCases
  )
  func narrowGradients(name: String, recomputation: Recomputation) throws {
    guard Precision.bfloat16.isSupported else { return }
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .bfloat16, maximumLength: 64)
    let result = decoder.lossAndGradient(
      of: golden.batch,
      adapter: decoder.operands(golden.adapter, scale: golden.scale),
      recomputation: recomputation
    )
    // Eight bits of each factor, and rows of a few dozen numbers; a term left out is far above.
    let embedding = try golden.expected("grad.hidden.0")
    #expect(relativeDifference(result.embeddingGradient, embedding) < 0.15)
    for (index, layer) in result.adapterGradient.enumerated() {
      for name in layer.names {
        let gradient = try #require(layer[name])
        let expected = try golden.expected("grad.layers.\(index).\(name)")
        #expect(relativeDifference(gradient, expected) < 0.2, "layer \(index) \(name)")
      }
    }
  }

  /// Every way to spend memory, the roomiest first.
  private static let plans = WeightStorage.allCases.flatMap { weights in
    [Recomputation.never, .always].map { (weights: weights, recomputation: $0) }
  }

  @Test(
    "however memory is spent, no bit changes",
    arguments: GoldenCase.names,
    Precision.allCases
  )
  func memoryPlans(name: String, precision: Precision) throws {
    guard precision.isSupported else { return }
    let golden = try GoldenCase(name)
    let results = try Self.plans.map { plan in
      let decoder = try Decoder(
        golden.file,
        precision: precision,
        maximumLength: 64,
        weights: plan.weights
      )
      return decoder.lossAndGradient(
        of: golden.batch,
        adapter: decoder.operands(golden.adapter, scale: golden.scale),
        recomputation: plan.recomputation
      )
    }
    #expect(results.count == 4)
    for result in results.dropFirst() {
      #expect(result.loss == results[0].loss)
      #expect(result.adapterGradient == results[0].adapterGradient)
      expectSameBits(result.embeddingGradient, results[0].embeddingGradient)
    }
  }

  @Test("int8 stays near float32, and so do its gradients", arguments: GoldenCase.names)
  func int8(name: String) throws {
    guard Precision.int8.isSupported else { return }
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .int8, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let result = decoder.lossAndGradient(of: golden.batch, adapter: operands)
    #expect(abs(result.loss.mean - Double(try golden.expected("loss").elements[0])) < 0.1)
    let embedding = try golden.expected("grad.hidden.0")
    // Rows of a few dozen numbers, each rounded to its largest: far coarser than in a real model.
    #expect(relativeDifference(result.embeddingGradient, embedding) < 0.35)
  }
}
