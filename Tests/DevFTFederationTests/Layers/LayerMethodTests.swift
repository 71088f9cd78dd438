import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Methods that choose layers")
struct LayerMethodTests {
  /// Answers as if the layers were known.
  private struct FixedSurvey: LayerSurvey {
    var groups: [[Int]] = []
    var similarities: [Double] = []

    func groups(count: Int) throws -> [[Int]] { groups }
    func passThrough() throws -> [Double] { similarities }
    func promptCentroids(count: Int) throws -> Tensor { Tensor(shape: [count, 1]) }
  }

  static let types: [any FederatedMethod.Type] = [
    ProgFed.self, ChainFed.self, FedPruner.self, RandomLayers.self, TopLayers.self, EvenLayers.self,
    TopGrowth.self,
  ]

  private static func settings(
    rounds: Int = 8,
    seed: UInt64 = 5,
    clientLayers: [Int]? = nil,
    _ change: (inout MethodOptions) -> Void = { _ in }
  ) -> MethodSettings {
    var options = MethodOptions()
    change(&options)
    return MethodSettings(
      options: options,
      populationCount: 4,
      roundCount: rounds,
      seed: seed,
      clientLayers: clientLayers
    )
  }

  private func layers(
    _ method: any FederatedMethod,
    round: Int,
    client: Int = 0,
    of layerCount: Int,
    state: FederatedState? = nil
  ) throws -> LayerSelection {
    try #require(
      method.layers(
        of: client,
        at: TaskPlace(round: round, roundOfStage: round),
        in: state ?? FederatedState(global: fixedAdapter(layerCount: layerCount))
      )
    )
  }

  @Test("with one client are that client's own training, layer by layer", arguments: types.indices)
  func oneClient(index: Int) throws {
    let method = Self.types[index].init(Self.settings { $0.window = 2 })
    let start = fixedAdapter(layerCount: 6)
    let run = try MethodRun(method, cohorts: Array(repeating: [2], count: 5), start: start)
    var adapter = start
    for (index, outcome) in run.outcomes.enumerated() {
      let layers = try #require(outcome.layers[2])
      let task = ClientTask(
        client: 2,
        stage: 1,
        place: TaskPlace(round: index + 1, roundOfStage: index + 1),
        layers: layers,
        adapter: layers.present.map { adapter[$0] },
        training: plan(cohort: [2]).training
      )
      let sent = NoOpTrainer(method: method).train(task).adapter
      for (layer, tensors) in zip(layers.trained, sent) {
        #expect(tensors != adapter[layer])
        adapter[layer] = tensors
      }
      #expect(bits(outcome.state.global) == bits(adapter))
    }
    #expect(method.evaluated(in: run.state).map(bits) == [bits(adapter)])
  }

  @Test("cost as much as they say at most", arguments: types.indices)
  func costliest(index: Int) throws {
    let method = Self.types[index].init(Self.settings { $0.window = 3 })
    let most = method.costliestLayers(layerCount: 9)
    for round in 1...30 {
      let layers = try layers(method, round: round, of: 9)
      #expect(layers.present.count <= most?.present.count ?? 9)
      #expect(layers.trained.count <= most?.trained.count ?? 9)
      #expect(layers.backwardLayerCount <= most?.backwardLayerCount ?? 9)
    }
  }

  @Test("cannot be combined with stages and say what they do instead", arguments: types.indices)
  func objections(index: Int) {
    for feature in [MethodFeature.stages, .groupingByAdapter, .fusionBySum] {
      let objection = Self.types[index].objection(to: feature)
      #expect(objection?.contains("an alternative to stages") == true)
    }
    #expect(Self.types[index].objection(to: .unequalRanks) != nil)
  }

  @Test(
    "ProgFed gives its S - 1 smaller submodels T / (2 S) rounds each and the whole model the rest"
  )
  func progFed() throws {
    let method = ProgFed(Self.settings(rounds: 40))
    let capacities = (1...40).map { method.capacity(ofRound: $0, layerCount: 30) }
    #expect(
      capacities == [8, 15, 23].flatMap { Array(repeating: $0, count: 5) }
        + Array(repeating: 30, count: 25)
    )
    let two = ProgFed(Self.settings(rounds: 3000) { $0.progFedStages = 2 })
    #expect(two.capacity(ofRound: 750, layerCount: 32) == 16)
    #expect(two.capacity(ofRound: 751, layerCount: 32) == 32)
    let prefix = try layers(method, round: 6, of: 30)
    #expect(prefix.present == Array(0..<15) && prefix.trained == prefix.present)
  }

  @Test("ProgFed never has more layers than the model and always one", arguments: 1...9)
  func progFedRange(layerCount: Int) {
    for stages in [1, 4, 20] {
      let method = ProgFed(Self.settings(rounds: 7) { $0.progFedStages = stages })
      let capacities = (1...7).map { method.capacity(ofRound: $0, layerCount: layerCount) }
      #expect(capacities == capacities.sorted() && capacities.last == layerCount)
      #expect(capacities.allSatisfy { $0 >= 1 })
    }
  }

  @Test(
    "top and even layers are the same in every round; random ones differ, for all clients alike"
  )
  func baselines() throws {
    let settings = Self.settings { $0.layers = 3 }
    #expect(try layers(TopLayers(settings), round: 4, of: 8).trained == [5, 6, 7])
    #expect(try layers(EvenLayers(settings), round: 4, of: 8).trained == [0, 2, 5])
    let random = RandomLayers(settings)
    let rounds = try (1...20).map { try layers(random, round: $0, of: 8) }
    #expect(rounds.allSatisfy { $0.trained.count == 3 && $0.present.count == 8 })
    #expect(Set(rounds).count > 10 && Set(rounds.flatMap(\.trained)) == Set(0..<8))
    #expect(try layers(random, round: 3, client: 3, of: 8) == rounds[2])
    let other = RandomLayers(Self.settings(seed: 6) { $0.layers = 3 })
    #expect(try (1...20).map { try layers(other, round: $0, of: 8) } != rounds)
  }

  @Test(
    "growth from the top trains the upper layers of each stage's capacity, all of them at the end"
  )
  func topGrowth() throws {
    var settings = Self.settings(rounds: 4)
    settings.growth = [(2, 1), (3, 2), (6, 1)].map { GrowthStage(capacity: $0, rounds: $1) }
    let method = TopGrowth(settings)
    let rounds = try (1...4).map { try layers(method, round: $0, of: 6) }
    #expect(rounds.map(\.trained) == [[4, 5], [3, 4, 5], [3, 4, 5], [0, 1, 2, 3, 4, 5]])
    #expect(rounds.allSatisfy { $0.present == Array(0..<6) })
    #expect(rounds.map(\.backwardLayerCount) == [2, 3, 3, 6])
    #expect(method.costliestLayers(layerCount: 6)?.trained == rounds[3].trained)
  }

  @Test("ChainFed's window slides by one layer from where layers begin to change, then starts anew")
  func chainFed() throws {
    let method = ChainFed(Self.settings { $0.window = 3 })
    let survey = FixedSurvey(similarities: [0.99, 0.9, 0.7, 0.95, 0.5, 0.9, 0.6])
    let state = try method.prepared(FederatedState(global: fixedAdapter(layerCount: 7)), by: survey)
    let windows = try (1...4).map { try layers(method, round: $0, of: 7, state: state) }
    #expect(windows.map(\.trained) == [[2, 3, 4], [3, 4, 5], [4, 5, 6], [2, 3, 4]])
    #expect(windows.map(\.present) == [Array(0...4), Array(0...5), Array(0...6), Array(0...4)])
    #expect(windows.allSatisfy { $0.backwardLayerCount == 3 })
    // Nothing is below the threshold; and a start so high that the window would not fit.
    let flat = FixedSurvey(similarities: Array(repeating: 0.9, count: 7))
    let low = try method.prepared(FederatedState(global: fixedAdapter(layerCount: 7)), by: flat)
    #expect(try layers(method, round: 1, of: 7, state: low).trained == [0, 1, 2])
    let high = FixedSurvey(similarities: Array(repeating: 0.9, count: 6) + [0.1])
    let top = try method.prepared(FederatedState(global: fixedAdapter(layerCount: 7)), by: high)
    for round in 1...2 {
      #expect(try layers(method, round: round, of: 7, state: top).trained == [4, 5, 6])
    }
  }

  @Test("FedPruner's clients have a layer of each group, drawn for each client and round")
  func fedPruner() throws {
    let method = FedPruner(Self.settings { $0.layers = 3 })
    let groups = [[0, 3, 4], [1, 2], [5, 6, 7]]
    let state = try method.prepared(
      FederatedState(global: fixedAdapter(layerCount: 8)),
      by: FixedSurvey(groups: groups)
    )
    var drawn: Set<[Int]> = []
    for round in 1...20 {
      for client in 0..<4 {
        let layers = try layers(method, round: round, client: client, of: 8, state: state)
        #expect(layers.present == layers.trained)
        #expect(groups.allSatisfy { group in layers.present.count(where: group.contains) == 1 })
        #expect(
          try layers == self.layers(method, round: round, client: client, of: 8, state: state)
        )
        drawn.insert(layers.present)
      }
    }
    // All 3 · 2 · 3 submodels, bar bad luck.
    #expect(drawn.count >= 15)
    let other = FedPruner(Self.settings(seed: 6) { $0.layers = 3 })
    #expect(
      try (1...5).map { try layers(other, round: $0, of: 8, state: state) }
        != (1...5).map { try layers(method, round: $0, of: 8, state: state) }
    )
  }

  @Test("FedPruner draws important layers more often, in the shares of their importance")
  func importance() throws {
    let method = FedPruner(Self.settings { $0.layers = 1 })
    var state = FederatedState(global: fixedAdapter(layerCount: 3))
    // The third layer counts as the mean of the others.
    state.numbers["fedpruner.importance"] = [0: 1, 1: 5]
    let count = 4000
    let drawn = try (1...count).map {
      try layers(method, round: $0, of: 3, state: state).present[0]
    }
    for (layer, share) in [1.0 / 9, 5.0 / 9, 3.0 / 9].enumerated() {
      let seen = Double(drawn.count { $0 == layer }) / Double(count)
      // Four standard deviations of a share of 4000 draws.
      #expect(abs(seen - share) < 0.032, "layer \(layer)")
    }
  }

  @Test("FedPruner's importance follows the owners' gradient norms by weight")
  func importanceUpdate() throws {
    let method = FedPruner(
      Self.settings { options in
        options.layers = 2
        options.importanceMemory = 0.75
      }
    )
    let full = fixedAdapter(layerCount: 4)
    func update(_ client: Int, examples: Int, _ owned: [Int], _ norms: [Double]) -> ClientUpdate {
      let adapter = full.indices.map { owned.contains($0) ? full[$0] : NamedTensors() }
      var update = fixedUpdate(client: client, examples: examples, adapter: adapter)
      update.report.layerGradientNorms = norms
      return update
    }
    let updates = try WeightedUpdates(
      [update(0, examples: 1, [0, 2], [3, 1]), update(1, examples: 3, [2, 3], [1, 4])],
      weighting: .examples
    )
    var state = FederatedState(global: full)
    state.numbers["fedpruner.importance"] = [1: 7, 2: 2]
    let importance = method.combine(updates, into: state).numbers["fedpruner.importance"]
    // Layer 2: (1 · 1/2 + 3 · 1/2.5) / 4 = 0.425, and 0.75 · 2 + 0.25 · 0.425.
    let expected: [Int: Double] = [0: 1.5, 1: 7, 2: 1.60625, 3: 1.6]
    for (layer, value) in expected {
      #expect(abs(try #require(importance?[layer]) - value) < 1e-12, "layer \(layer)")
    }
    #expect(importance?.count == 4)
  }

  @Test("FedPruner's clients can have submodels of different sizes")
  func sizes() throws {
    let method = FedPruner(Self.settings(clientLayers: [4, 2, 1, 2]))
    #expect(method.costliestLayers(layerCount: 6)?.present.count == 4)
    let counts = try (0..<4).map { try layers(method, round: 2, client: $0, of: 6).present.count }
    #expect(counts == [4, 2, 1, 2])
    let outcome = try #require(
      try MethodRun(method, cohorts: [[0, 1, 3]], start: fixedAdapter(layerCount: 6)).outcomes.first
    )
    #expect(outcome.rejected.isEmpty && outcome.reports.count == 3)
  }
}
