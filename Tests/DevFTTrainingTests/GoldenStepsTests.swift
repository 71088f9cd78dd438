import DevFTModel
import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("Ten AdamW steps against PyTorch")
struct GoldenStepsTests {
  @Test("losses, gradient norms and the final adapter", arguments: GoldenCase.names)
  func tenSteps(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    var adapter = golden.adapter
    var optimizer = AdamW(for: adapter, weightDecay: 0.01, clip: 1)
    let losses = try golden.expected("steps.loss").elements
    let norms = try golden.expected("steps.gradient_norm").elements
    for step in 0..<10 {
      let result = decoder.lossAndGradient(
        of: golden.batch,
        adapter: decoder.operands(adapter, scale: golden.scale)
      )
      let norm = optimizer.step(&adapter, gradients: result.adapterGradient, learningRate: 1e-2)
      #expect(abs(result.loss.mean - Double(losses[step])) < 1e-3 * Double(losses[step]))
      #expect(abs(norm - Double(norms[step])) < 1e-3 * Double(norms[step]))
    }
    for (index, layer) in adapter.enumerated() {
      for name in layer.names {
        let expected = try golden.expected("steps.final.layers.\(index).\(name)")
        #expect(relativeDifference(try #require(layer[name]), expected) < 1e-3)
      }
    }
  }
}
