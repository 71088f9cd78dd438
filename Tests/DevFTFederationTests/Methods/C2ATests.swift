import DevFTFederation
import DevFTTensor
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("C2A")
struct C2ATests {
  private struct FixedSurvey: LayerSurvey {
    let centroids: Tensor

    func groups(count: Int) throws -> [[Int]] { [] }
    func passThrough() throws -> [Double] { [] }
    func promptCentroids(count: Int) throws -> Tensor { centroids }
  }

  private func method(clusters: Int = 4, width: Int? = nil) -> C2A {
    var options = MethodOptions()
    (options.clusters, options.conditionWidth, options.latentWidth) = (clusters, 3, 2)
    return C2A(MethodSettings(options: options, populationCount: 4, seed: 9, width: width))
  }

  /// The sum of two sets of tensors.
  private func sum(_ first: [NamedTensors], _ second: [NamedTensors]) -> [NamedTensors] {
    zip(first, second).map { one, other in
      one.map { name, tensor in
        var sum = tensor
        if let other = other[name] { sum.add(other) }
        return sum
      }
    }
  }

  @Test("makes adapters and carries their gradients back as PyTorch does, over steps of AdamW")
  func training() throws {
    let golden = try HyperNetworkGolden.load().training
    var parameters = adapter(golden.start)
    var optimizer = AdamW(for: parameters, weightDecay: golden.weightDecay, clip: nil)
    for step in golden.steps {
      let network = HyperNetwork(parameters)
      let made = network.adapter(shares: step.shares)
      #expect(relativeDifference(made, adapter(step.adapter)) < Tolerance.floatProducts)
      let gradient = network.gradient(of: sum(adapter(step.slope), made), shares: step.shares)
      let expected = adapter(step.gradient)
      #expect(gradient.map(\.names) == expected.map(\.names))
      // Tensor by tensor: the largest would hide the others.
      for (own, other) in zip(gradient, expected) {
        for name in other.names {
          let (own, other) = (try #require(own[name]), try #require(other[name]))
          #expect(own.shape == other.shape)
          #expect(relativeDifference(own, other) < 10 * Tolerance.floatProducts, "\(name)")
        }
      }
      _ = optimizer.step(&parameters, gradients: gradient, learningRate: golden.learningRate)
      #expect(relativeDifference(parameters, adapter(step.after)) < 10 * Tolerance.floatProducts)
    }
  }

  @Test(
    "takes the mean by examples and evaluates it for equal shares, as an independent witness does"
  )
  func server() throws {
    let golden = try HyperNetworkGolden.load().server
    let updates = golden.updates.map {
      fixedUpdate(client: $0.client, examples: $0.exampleCount, adapter: adapter($0.adapter))
    }
    let method = C2A()
    let state = method.combine(
      try WeightedUpdates(updates, weighting: .examples),
      into: FederatedState(global: updates[0].adapter)
    )
    #expect(relativeDifference(state.global, adapter(golden.mean)) < Tolerance.oneFloatStep)
    let evaluated = method.evaluated(in: state)
    #expect(evaluated.count == 1 && method.groupedAdapter(in: state) == evaluated[0])
    #expect(
      relativeDifference(evaluated[0], adapter(golden.evaluated)) < Tolerance.floatProducts
    )
  }

  @Test("starts as the base model, with an A of about the size that LoRA's has")
  func fresh() throws {
    let start = fixedAdapter(layerCount: 3)
    let state = C2A(MethodSettings(seed: 4)).initialState(start)
    let made = C2A().evaluated(in: state)[0]
    #expect(made.map(\.names) == start.map(\.names))
    for (layer, other) in zip(made, start) {
      for name in layer.names {
        let tensor = try #require(layer[name])
        #expect(tensor.shape == other[name]?.shape)
        if name.hasSuffix("lora_B.weight") {
          #expect(tensor.elements.allSatisfy { $0 == 0 })
        } else {
          let mean = (tensor.squaredNorm / Double(tensor.count)).squareRoot()
          #expect((0.1...1.5).contains(mean), "\(name): \(mean)")
        }
      }
    }
    #expect(made[0] != made[1])
    #expect(C2A(MethodSettings(seed: 5)).initialState(start) != state)
  }

  @Test("with one client is that client's own training, round after round")
  func oneClient() throws {
    let method = method()
    let run = try MethodRun(method, cohorts: [[1], [1], [1]])
    var parameters = method.initialState(fixedAdapter()).global
    for round in 1...3 {
      let task = task(client: 1, round: round, adapter: parameters)
      parameters = NoOpTrainer(method: method).train(task).adapter
    }
    #expect(bits(run.state.global) == bits(parameters))
    let network = HyperNetwork(parameters)
    let uniform = network.adapter(shares: [0.25, 0.25, 0.25, 0.25])
    #expect(method.evaluated(in: run.state).map(bits) == [bits(uniform)])
    #expect(run.outcomes.allSatisfy { $0.aggregationErrors.isEmpty })
  }

  @Test("makes other adapters for other shares, and for other layers")
  func condition() throws {
    let state = try MethodRun(method(), cohorts: [[1, 2], [0, 3]]).state
    let network = HyperNetwork(state.global)
    let (one, other) = (
      network.adapter(shares: network.shares(of: [0, 0, 3])), network.adapter(shares: [0, 0, 0, 1])
    )
    #expect(network.shares(of: [0, 0, 3]) == [2 / 3, 0, 0, 1 / 3])
    #expect(network.shares(of: []) == [0.25, 0.25, 0.25, 0.25])
    for layer in 0..<2 {
      for name in one[layer].names { #expect(one[layer][name] != other[layer][name], "\(name)") }
    }
    #expect(one[0] != one[1])
  }

  @Test("sorts examples by the nearest centroid, which is sent once and never changes")
  func centroids() throws {
    let centroids = Tensor(shape: [4, 2], elements: [1, 0, 0, 1, 0.6, 0.8, -1, 0])
    let method = method(width: 2)
    let state = try method.prepared(
      method.initialState(fixedAdapter()),
      by: FixedSurvey(centroids: centroids)
    )
    let network = HyperNetwork(state.global)
    #expect(network.centroids == centroids)
    #expect(network.nearestClass(to: [0.9, 0.1]) == 0)
    #expect(network.nearestClass(to: [0.5, 0.9]) == 2)
    #expect(network.nearestClass(to: [-0.5, 0.1]) == 3)
    let trainer = InProcessLink(workerCount: 1, trainer: NoOpTrainer(method: method))
    let federation = Federation(method: method, wire: WireFormats(up: .bf16, down: .bf16))
    let plan = plan(round: 2, cohort: [0, 3], lastRounds: [0: 1])
    let outcome = try federation.runRound(plan, from: state, over: trainer)
    #expect(HyperNetwork(outcome.state.global).centroids == centroids)
    #expect(outcome.state.global != state.global)
    #expect(outcome.meters.clients[0]?.traffic.aux == 0)
    #expect(outcome.meters.clients[3]?.traffic.aux == 4 * 4 * 2)
  }

  @Test("sends P numbers each way, which hardly depends on the layers")
  func traffic() throws {
    // LLaMA 3.1-8B, rank 32, q and v.
    let (t, rank, c, classes) = (8, 32, 32, 8)
    let own = [(4096, 4096), (4096, 1024)].reduce(0) { sum, widths in
      sum + 2 * t * rank * c + (c + rank) * (widths.0 + widths.1)
    }
    for capacity in [4, 32] {
      let method = C2A()
      let layers = Array(repeating: TrafficTests.layer, count: capacity)
      let meters = try Federation(method: method).runRound(
        plan(round: 2, cohort: [0], lastRounds: [0: 1]),
        from: method.initialState(layers),
        over: EchoLink()
      ).meters
      let bytes = 4 * (own + t * capacity + classes * t + t)
      #expect(meters.traffic == Traffic(loraUp: bytes, loraDown: bytes))
    }
  }

  @Test("leaves an encoder's head beside the network as it is, and hands it on")
  func head() throws {
    let head = NamedTensors(["classifier.weight": fixedTensor(shape: [3, 5])])
    let method = C2A(MethodSettings(seed: 2, classCount: 3, width: 5))
    let state = method.initialState(fixedAdapter() + [head])
    #expect(state.global.count == 3)
    #expect(HyperNetwork(state.global).classCount == 3)
    #expect(method.evaluated(in: state)[0].last == head)
    #expect(method.seedTraffic(at: TaskPlace(round: 1, roundOfStage: 1)) == Traffic())
    let network = HyperNetwork(state.global)
    let gradient = network.gradient(
      of: network.adapter(shares: [0.5, 0.25, 0.25]),
      shares: [0.5, 0.25, 0.25]
    )
    #expect(gradient[2]["classifier.weight"] == head["classifier.weight"])
    #expect(gradient.map(\.names) == state.global.map(\.names))
  }

  @Test("cannot have what treats single factors")
  func objections() {
    let refused = MethodFeature.allCases.filter { C2A.objection(to: $0) != nil }
    #expect(refused == [.fusionBySum, .unequalRanks, .unequalRates])
  }
}
