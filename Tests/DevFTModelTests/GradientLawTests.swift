import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("The gradient of the whole model by central differences")
struct GradientLawTests {
  /// The loss is computed in float32, so steps must be large against its rounding near 1e-7 and
  /// small against the curvature: what remains is below one percent.
  private static let tolerance = 1e-2
  private static let step: Float = 4e-3

  private func loss(_ adapter: [NamedTensors], _ decoder: Decoder, _ golden: GoldenCase) -> Double {
    decoder.loss(of: golden.batch, adapter: decoder.operands(adapter, scale: golden.scale)).mean
  }

  /// The slope of the loss when one tensor moves along a direction.
  private func slope(
    _ golden: GoldenCase,
    _ decoder: Decoder,
    layer: Int,
    _ name: String,
    along direction: [Float]
  ) throws -> Double {
    func shifted(by step: Float) throws -> Double {
      var adapter = golden.adapter
      var tensor = try #require(adapter[layer][name])
      for index in direction.indices { tensor.elements[index] += step * direction[index] }
      adapter[layer][name] = tensor
      return loss(adapter, decoder, golden)
    }
    let (above, below) = (try shifted(by: Self.step), try shifted(by: -Self.step))
    return (above - below) / Double(2 * Self.step)
  }

  @Test("every LoRA tensor along its gradient and across it", arguments: GoldenCase.names)
  func tensors(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let result = decoder.lossAndGradient(of: golden.batch, adapter: operands)
    for (layer, gradients) in result.adapterGradient.enumerated() {
      for name in gradients.names {
        let gradient = try #require(gradients[name]).elements
        let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let along = try slope(
          golden,
          decoder,
          layer: layer,
          name,
          along: gradient.map { $0 / norm }
        )
        #expect(abs(along - Double(norm)) < Self.tolerance * Double(norm), "layer \(layer) \(name)")
        // Turned by a right angle in each pair of numbers: the gradient has no part of it.
        var across = [Float](repeating: 0, count: gradient.count)
        for index in stride(from: 0, to: gradient.count - 1, by: 2) {
          across[index] = -gradient[index + 1] / norm
          across[index + 1] = gradient[index] / norm
        }
        let turned = try slope(golden, decoder, layer: layer, name, along: across)
        #expect(abs(turned) < Self.tolerance * Double(norm), "layer \(layer) \(name)")
      }
    }
  }

  @Test("single numbers: the largest of every tensor", arguments: GoldenCase.names)
  func entries(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let result = decoder.lossAndGradient(of: golden.batch, adapter: operands)
    for (layer, gradients) in result.adapterGradient.enumerated() {
      for name in gradients.names {
        let gradient = try #require(gradients[name]).elements
        let largest = gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0
        let direction: [Float] = gradient.indices.map { $0 == largest ? 1 : 0 }
        let numeric = try slope(golden, decoder, layer: layer, name, along: direction)
        let expected = Double(gradient[largest])
        #expect(abs(numeric - expected) < 2 * Self.tolerance * abs(expected), "\(layer) \(name)")
      }
    }
  }
}
