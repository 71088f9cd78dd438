import DevFTModel
import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("Rules and optimizers of local steps")
struct StepRuleTests {
  private let golden: GoldenCase
  private let decoder: Decoder
  private let examples: [TokenBatch.Sequence]

  init() throws {
    golden = try GoldenCase("llama-gqa")
    decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    var stream = RandomStream(seed: 8, purpose: "examples")
    examples = (0..<4).map { index in
      TokenBatch.Sequence(
        tokens: (0..<5 + index).map { _ in Int32(stream.nextIndex(below: 61)) },
        isTarget: (0..<5 + index).map { $0 > 1 }
      )
    }
  }

  private func run(
    _ rule: StepRule = StepRule(),
    optimizer: LocalOptimizer = .adamW,
    steps: Int = 3,
    clip: Double? = nil
  ) throws -> (adapter: [NamedTensors], norms: [Double]) {
    let training = LocalTraining(
      stepCount: steps,
      batchSize: 4,
      schedule: StepSchedule(shape: .constant, peak: 0.01, stepCount: steps),
      optimizer: optimizer,
      clip: clip
    )
    var (adapter, norms) = (golden.adapter, [Double]())
    try training.run(
      &adapter,
      scale: golden.scale,
      decoder: decoder,
      examples: examples,
      stream: nil,
      rule: rule
    ) { norms.append($0.gradientNorm) }
    return (adapter, norms)
  }

  @Test("what the model runs may be made from what is trained, batch by batch")
  func generated() throws {
    @Sendable func doubled(_ layers: [NamedTensors]) -> [NamedTensors] {
      layers.map { layer in
        layer.map { _, tensor in
          var tensor = tensor
          tensor.scale(by: 2)
          return tensor
        }
      }
    }
    let halves = golden.adapter.map { layer in
      layer.map { _, tensor in
        var tensor = tensor
        tensor.scale(by: 0.5)
        return tensor
      }
    }
    var rule = StepRule()
    rule.generate = { trained, batch in
      #expect(batch.sorted() == [0, 1, 2, 3])
      return (doubled(trained), doubled)
    }
    // θ/2 with a gradient of 2 g at a quarter of the rate goes half as far as θ does.
    let training = LocalTraining(
      stepCount: 3,
      batchSize: 4,
      schedule: StepSchedule(shape: .constant, peak: 0.0025, stepCount: 3),
      optimizer: .sgd,
      clip: nil
    )
    var adapter = halves
    try training.run(
      &adapter,
      scale: golden.scale,
      decoder: decoder,
      examples: examples,
      stream: nil,
      rule: rule
    )
    let expected = try run(optimizer: .sgd).adapter
    for (own, other) in zip(doubled(adapter), expected) {
      for name in other.names {
        let (own, other) = (try #require(own[name]), try #require(other[name]))
        #expect(relativeDifference(own, other) < 1e-6, "\(name)")
      }
    }
  }

  @Test("what is not trained stays to the bit and does not count for the norm")
  func frozen() throws {
    var rule = StepRule()
    rule.trains = { $0.hasSuffix("lora_B.weight") }
    let (trained, norms) = try run(rule)
    for (layer, start) in zip(trained, golden.adapter) {
      for name in start.names {
        #expect((layer[name] == start[name]) == name.hasSuffix("lora_A.weight"), "\(name)")
      }
    }
    #expect(try norms[0] < run().norms[0])
  }

  @Test(
    "layers that are not trained stay to the bit, whatever the optimizer",
    arguments: LocalOptimizer.allCases
  )
  func frozenLayers(optimizer: LocalOptimizer) throws {
    var rule = StepRule()
    rule.trainedLayers = [1]
    let (trained, norms) = try run(rule, optimizer: optimizer)
    #expect(trained[0] == golden.adapter[0] && trained[2] == golden.adapter[2])
    for name in trained[1].names { #expect(trained[1][name] != golden.adapter[1][name], "\(name)") }
    #expect(try norms[0] < run(optimizer: optimizer).norms[0])
  }

  @Test("a step tells the gradient's norm of each layer; a frozen layer's is 0")
  func layerNorms() throws {
    let training = LocalTraining(
      stepCount: 2,
      batchSize: 4,
      schedule: StepSchedule(shape: .constant, peak: 0.01, stepCount: 2)
    )
    var (adapter, rule) = (golden.adapter, StepRule())
    rule.trainedLayers = [0, 2]
    try training.run(
      &adapter,
      scale: golden.scale,
      decoder: decoder,
      examples: examples,
      stream: nil,
      rule: rule
    ) { step in
      let norms = step.layerGradientNorms
      #expect(norms.count == 3 && norms[0] > 0 && norms[1] == 0 && norms[2] > 0)
      let total = norms.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(total - step.gradientNorm) < 1e-9 * total)
    }
  }

  @Test("added gradients enter norm and step; corrections follow the step")
  func terms() throws {
    var rule = StepRule()
    rule.addGradients = { gradients, _ in
      for layer in gradients.indices {
        gradients[layer] = gradients[layer].map { Tensor(repeating: 100, shape: $1.shape) }
      }
    }
    rule.correct = { adapter, rate in
      for layer in adapter.indices {
        adapter[layer] = adapter[layer].map { _, tensor in
          Tensor(shape: tensor.shape, elements: tensor.elements.map { $0 + Float(rate) })
        }
      }
    }
    let (moved, norms) = try run(rule, steps: 1)
    #expect(norms[0] > 100)
    // AdamW's first step has the size of the rate; the correction takes it back.
    for (layer, start) in zip(moved, golden.adapter) {
      for name in start.names {
        let (new, old) = (try #require(layer[name]), try #require(start[name]))
        #expect(zip(new.elements, old.elements).allSatisfy { abs($0 - $1) < 1e-6 })
      }
    }
  }

  @Test("plain descent subtracts rate times gradient, clipped as one vector")
  func descent() throws {
    let layers = [NamedTensors(["a": fixedTensor(shape: [2, 3]), "b": fixedTensor(shape: [4])])]
    let gradients = [NamedTensors(["a": fixedTensor(shape: [2, 3], phase: 2)])]
    var moved = layers
    var free = PlainDescent(weightDecay: 0.1, clip: nil)
    let norm = free.step(&moved, gradients: gradients, learningRate: 0.5)
    #expect(moved[0]["b"] == layers[0]["b"])
    let (old, gradient) = (try #require(layers[0]["a"]), try #require(gradients[0]["a"]))
    for (index, number) in try #require(moved[0]["a"]).elements.enumerated() {
      #expect(abs(number - (old.elements[index] * 0.95 - 0.5 * gradient.elements[index])) < 1e-6)
    }
    #expect(abs(norm - gradient.squaredNorm.squareRoot()) < 1e-9)
    var (clipped, half) = (layers, PlainDescent(weightDecay: 0, clip: norm / 2))
    _ = half.step(&clipped, gradients: gradients, learningRate: 0.5)
    for (index, number) in try #require(clipped[0]["a"]).elements.enumerated() {
      #expect(abs(number - (old.elements[index] - 0.25 * gradient.elements[index])) < 1e-6)
    }
  }

  @Test("plain descent learns", arguments: [LocalOptimizer.sgd, .adamW])
  func learns(optimizer: LocalOptimizer) throws {
    let norms = try run(optimizer: optimizer, steps: 1).norms
    let adapter = try run(optimizer: optimizer, steps: 20).adapter
    func loss(_ layers: [NamedTensors]) -> Double {
      decoder.loss(
        of: TokenBatch(examples),
        adapter: decoder.operands(layers, scale: golden.scale)
      ).mean
    }
    #expect(norms[0] > 0 && loss(adapter) < loss(golden.adapter))
  }

  @Test("beside frozen pairs is training on a base that has them merged", arguments: [nil, 1.0])
  func merged(clip: Double?) throws {
    let frozen = golden.adapter.enumerated().map { layer, tensors in
      tensors.map { name, tensor in
        let ramp = fixedTensor(shape: tensor.shape, phase: Double(layer + name.utf8.count))
        return Tensor(shape: tensor.shape, elements: ramp.elements.map { 0.1 * $0 })
      }
    }
    let training = LocalTraining(
      stepCount: 4,
      batchSize: 2,
      schedule: StepSchedule(shape: .constant, peak: 0.1, stepCount: 4),
      optimizer: .sgd,
      weightDecay: 0.1,
      clip: clip
    )
    func trained(_ decoder: Decoder, _ frozen: [NamedTensors]) throws -> [NamedTensors] {
      var adapter = golden.adapter
      try training.run(
        &adapter,
        frozen: frozen,
        scale: golden.scale,
        decoder: decoder,
        examples: examples,
        stream: nil
      )
      return adapter
    }
    let beside = try trained(decoder, frozen)
    let inside = try trained(golden.decoder(merging: frozen), [])
    for (layer, expected) in zip(beside, inside) {
      #expect(layer.names == expected.names)
      for name in expected.names {
        let (own, other) = (try #require(layer[name]), try #require(expected[name]))
        #expect(relativeDifference(own, other) < 1e-4, "\(name)")
      }
    }
    #expect(try trained(decoder, []) != beside)
  }
}
