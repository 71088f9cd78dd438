import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("AdamW over an adapter")
struct AdamWTests {
  private let layers = [
    NamedTensors(["a": fixedTensor(shape: [2, 3]), "b": fixedTensor(shape: [4], phase: 1)]),
    NamedTensors(["a": fixedTensor(shape: [2, 3], phase: 2)]),
  ]

  private func gradients(scale: Float) -> [NamedTensors] {
    layers.map { layer in
      layer.map { _, tensor in
        Tensor(shape: tensor.shape, elements: tensor.elements.map { scale * ($0 + 0.25) })
      }
    }
  }

  private func norm(_ gradients: [NamedTensors]) -> Double {
    gradients.reduce(0) { sum, layer in
      layer.names.reduce(sum) { sum, name in
        sum + (layer[name]?.elements.reduce(0.0) { $0 + Double($1) * Double($1) } ?? 0)
      }
    }.squareRoot()
  }

  private func run(
    clip: Double?,
    scale: Float,
    weightDecay: Double = 0,
    learningRate: Double = 0.01
  ) -> (layers: [NamedTensors], norm: Double) {
    var (optimizer, result) = (AdamW(for: layers, weightDecay: weightDecay, clip: clip), layers)
    var norm = 0.0
    // Two steps of different size: one alone would not show a wrong factor, as AdamW divides it out.
    for factor in [scale, 3 * scale] {
      norm = optimizer.step(
        &result,
        gradients: gradients(scale: factor),
        learningRate: learningRate
      )
    }
    #expect(optimizer.stepCount == 2)
    return (result, norm)
  }

  @Test("a gradient under the limit is not clipped; its norm is that of all layers together")
  func under() {
    let free = run(clip: nil, scale: 0.01)
    let limited = run(clip: 1, scale: 0.01)
    #expect(limited.layers == free.layers)
    let expected = norm(gradients(scale: 0.03))
    #expect(expected < 1)
    #expect(abs(free.norm - expected) < 1e-9)
    #expect(limited.norm == free.norm)
  }

  @Test(
    "each tensor moves at its own rate, whatever makes the step",
    arguments: LocalOptimizer.allCases
  )
  func rates(optimizer: LocalOptimizer) {
    let adapter = [
      NamedTensors([
        "q_proj.lora_A.weight": fixedTensor(shape: [2, 3]),
        "q_proj.lora_B.weight": fixedTensor(shape: [3, 2]),
      ])
    ]
    func step(ratio: Double, learningRate: Double) -> NamedTensors {
      var trained = adapter
      var made = optimizer.make(
        for: adapter,
        weightDecay: 0.1,
        clip: 1,
        rates: TensorRates(ratioOfB: ratio)
      )
      _ = made.step(&trained, gradients: adapter, learningRate: learningRate)
      return trained[0]
    }
    let (plus, slow, fast) = (
      step(ratio: 16, learningRate: 0.01), step(ratio: 1, learningRate: 0.01),
      step(ratio: 1, learningRate: 0.16)
    )
    #expect(plus["q_proj.lora_A.weight"] == slow["q_proj.lora_A.weight"])
    #expect(plus["q_proj.lora_B.weight"] == fast["q_proj.lora_B.weight"])
    #expect(slow["q_proj.lora_B.weight"] != fast["q_proj.lora_B.weight"])
  }

  @Test("one above it is scaled down to it, all tensors by the same factor")
  func above() throws {
    // Both steps are clipped to the same gradient: as if that had come twice.
    let limited = run(clip: 0.5, scale: 100)
    #expect(abs(limited.norm - norm(gradients(scale: 300))) < 1e-4 * limited.norm)
    var (optimizer, expected) = (AdamW(for: layers, weightDecay: 0, clip: nil), layers)
    let factor = Float(0.5 / norm(gradients(scale: 1)))
    for _ in 0..<2 {
      _ = optimizer.step(&expected, gradients: gradients(scale: factor), learningRate: 0.01)
    }
    for (layer, own) in zip(expected, limited.layers) {
      for name in layer.names {
        let difference = relativeDifference(try #require(own[name]), try #require(layer[name]))
        #expect(difference < 1e-5)
      }
    }
    #expect(run(clip: nil, scale: 100).layers != limited.layers)
  }

  @Test("the first step moves each number by the learning rate, against its gradient")
  func firstStep() throws {
    var (optimizer, result) = (AdamW(for: layers, weightDecay: 0, clip: nil), layers)
    let gradients = gradients(scale: 1)
    _ = optimizer.step(&result, gradients: gradients, learningRate: 0.01)
    for index in layers.indices {
      for name in layers[index].names {
        let (before, after) = (try #require(layers[index][name]), try #require(result[index][name]))
        let gradient = try #require(gradients[index][name])
        for position in before.elements.indices where abs(gradient.elements[position]) > 1e-3 {
          let moved = after.elements[position] - before.elements[position]
          let expected: Float = gradient.elements[position] > 0 ? -0.01 : 0.01
          #expect(abs(moved - expected) < 1e-5)
        }
      }
    }
  }

  @Test("decay shrinks by learning rate times decay, beside the gradient; rate 0 changes nothing")
  func decay() throws {
    var (optimizer, result) = (AdamW(for: layers, weightDecay: 0.1, clip: 1), layers)
    _ = optimizer.step(&result, gradients: gradients(scale: 0), learningRate: 0.5)
    for (before, after) in zip(layers, result) {
      for name in before.names {
        let shrunk = try #require(before[name]).elements.map { $0 * 0.95 }
        let own = try #require(after[name])
        #expect(relativeDifference(own, Tensor(shape: own.shape, elements: shrunk)) < 1e-6)
      }
    }
    #expect(run(clip: 1, scale: 1, weightDecay: 0.1, learningRate: 0).layers == layers)
  }
}
