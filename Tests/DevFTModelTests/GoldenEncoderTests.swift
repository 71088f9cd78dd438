import DevFTFormats
import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("The encoders against PyTorch, transformers and PEFT")
struct GoldenEncoderTests {
  @Test("logits and loss", arguments: EncoderCase.names, WeightStorage.allCases)
  func forward(name: String, weights: WeightStorage) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32, weights: weights)
    let operands = encoder.operands(golden.trained, scale: golden.scale)
    let logits = encoder.logits(of: golden.batch, adapter: operands)
    #expect(relativeDifference(logits, try golden.expected("logits")) < 1e-5)
    let loss = encoder.loss(of: golden.batch, adapter: operands)
    #expect(abs(loss.mean - Double(try golden.expected("loss").elements[0])) < 1e-5)
    #expect(loss.targetCount == 4)
    #expect(loss.correctCount == correct(try golden.expected("logits"), golden.batch))
  }

  @Test(
    "every gradient: loraA, loraB, head and embeddings",
    arguments: EncoderCase.names,
    Recomputation.allCases
  )
  func backward(name: String, recomputation: Recomputation) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32)
    let result = encoder.lossAndGradient(
      of: golden.batch,
      adapter: encoder.operands(golden.trained, scale: golden.scale),
      recomputation: recomputation
    )
    #expect(abs(result.loss.mean - Double(try golden.expected("loss").elements[0])) < 1e-5)
    let embeddings = try golden.expected("grad.embeddings")
    #expect(relativeDifference(result.embeddingGradient, embeddings) < 1e-4)
    let gradients = try peftNamed(result.adapterGradient, golden)
    let expected = try golden.expectedTrained("grad.")
    #expect(gradients.names == expected.names)
    for name in gradients.names {
      let (found, wanted) = (try #require(gradients[name]), try #require(expected[name]))
      #expect(found.shape == wanted.shape)
      #expect(relativeDifference(found, wanted) < 1e-4, "\(name)")
    }
  }

  @Test("bfloat16 and int8 stay near float32", arguments: EncoderCase.names)
  func narrow(name: String) throws {
    let golden = try EncoderCase(name)
    for (precision, limit) in [(Precision.bfloat16, 0.05), (.int8, 0.15)]
    where precision.isSupported {
      let encoder = try Encoder(golden.file, precision: precision)
      let result = encoder.lossAndGradient(
        of: golden.batch,
        adapter: encoder.operands(golden.trained, scale: golden.scale)
      )
      let loss = Double(try golden.expected("loss").elements[0])
      #expect(abs(result.loss.mean - loss) < limit, "\(precision)")
      let head = try #require(result.adapterGradient.last)
      let expected = try golden.expectedTrained("grad.base_model.model.", head)
      for name in head.names {
        let difference = relativeDifference(try #require(head[name]), try #require(expected[name]))
        #expect(difference < 4 * limit, "\(precision) \(name)")
      }
    }
  }

  @Test("a sequence's neighbours in the batch do not matter", arguments: EncoderCase.names)
  func packing(name: String) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32)
    let operands = encoder.operands(golden.trained, scale: golden.scale)
    let together = encoder.loss(of: golden.batch, adapter: operands)
    let apart = golden.sequences.map { encoder.loss(of: TokenBatch([$0]), adapter: operands).sum }
    #expect(abs(together.sum - apart.reduce(0, +)) < 1e-5)
  }

  private func correct(_ logits: Tensor, _ batch: TokenBatch) -> Int {
    batch.targetTokens.enumerated().count { row, label in
      let numbers = logits.gatheredRows([row]).elements
      return numbers[Int(label)] == numbers.max()
    }
  }

  private func peftNamed(_ sets: [NamedTensors], _ golden: EncoderCase) throws -> NamedTensors {
    try PEFTAdapter(
      configuration: golden.adapter.configuration,
      layers: Array(sets.dropLast()),
      head: sets[sets.count - 1]
    ).tensors
  }
}
