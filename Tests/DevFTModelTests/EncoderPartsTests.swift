import DevFTFormats
import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Encoders of which only a part is trained or run")
struct EncoderPartsTests {
  @Test(
    "frozen sets change no bit of the loss or of the trained sets' gradients",
    arguments: EncoderCase.names,
    Recomputation.allCases
  )
  func sameBits(name: String, recomputation: Recomputation) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32)
    let operands = encoder.operands(golden.trained, scale: golden.scale)
    func result(_ trained: Set<Int>?) -> (
      loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor
    ) {
      encoder.lossAndGradient(
        of: golden.batch,
        adapter: operands,
        recomputation: recomputation,
        trained: trained
      )
    }
    let (full, head) = (result(nil), encoder.layerCount)
    #expect(full.adapterGradient.count == head + 1 && full.adapterGradient[head].count > 0)
    for trained in [[head], [0], [0, head], [head - 1], Array(1...head)] {
      let part = result(Set(trained))
      #expect(part.loss == full.loss)
      for set in 0...head {
        let expected = trained.contains(set) ? full.adapterGradient[set] : NamedTensors()
        #expect(part.adapterGradient[set] == expected)
      }
    }
    #expect(result([0]).embeddingGradient == full.embeddingGradient)
  }

  @Test("frozen pairs count as trained ones do and have no gradient", arguments: EncoderCase.names)
  func frozenPairs(name: String) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32)
    let none = Array(repeating: NamedTensors(), count: encoder.layerCount)
    let frozen = encoder.operands(
      none + [golden.adapter.head],
      frozen: golden.adapter.layers + [NamedTensors()],
      scale: golden.scale
    )
    let full = encoder.lossAndGradient(
      of: golden.batch,
      adapter: encoder.operands(golden.trained, scale: golden.scale)
    )
    let part = encoder.lossAndGradient(of: golden.batch, adapter: frozen)
    #expect(part.loss == full.loss)
    #expect(part.embeddingGradient == full.embeddingGradient)
    #expect(part.adapterGradient == none + [full.adapterGradient[encoder.layerCount]])
  }

  @Test("kept layers run between the same ends", arguments: EncoderCase.names)
  func keeping(name: String) throws {
    let golden = try EncoderCase(name)
    let encoder = try Encoder(golden.file, precision: .float32)
    func logits(_ model: Encoder, _ places: [Int]) -> Tensor {
      let sets = places.map { golden.adapter.layers[$0] } + [golden.adapter.head]
      return model.logits(
        of: golden.batch,
        adapter: model.operands(sets, scale: golden.scale)
      )
    }
    let all = Array(0..<encoder.layerCount)
    #expect(logits(encoder.keeping(all), all) == logits(encoder, all))
    let ends = [0, encoder.layerCount - 1]
    let apart = Encoder(ends: encoder.ends, layers: ends.map { encoder.layers[$0] })
    #expect(logits(encoder.keeping(ends), ends) == logits(apart, ends))
    #expect(logits(encoder.keeping(ends), ends) != logits(encoder, all))
  }
}
