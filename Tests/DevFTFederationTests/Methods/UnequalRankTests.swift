import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Methods with a rank for each client")
struct UnequalRankTests {
  static let types: [any FederatedMethod.Type] = [FlexLoRA.self, HETLoRA.self]
  /// Those that take unequal ranks, whatever they send.
  static let takers = types.map { $0.name } + [FLoRA.name]

  private func settings(ranks: [Int]?, _ change: (inout MethodOptions) -> Void = { _ in })
    -> MethodSettings
  {
    var options = MethodOptions()
    change(&options)
    return MethodSettings(options: options, populationCount: ranks?.count ?? 3, ranks: ranks)
  }

  private func rank(_ adapter: [NamedTensors]) -> Int? {
    adapter[0]["self_attn.q_proj.lora_A.weight"]?.rowCount
  }

  @Test("FlexLoRA decomposes the mean of the products as a dense decomposition does")
  func flexLoRA() throws {
    let golden = try MethodsGolden.load()
    let updates = try golden.unequalUpdates
    let start = FederatedState(global: adapter(golden.start))
    let state = try FlexLoRA().combine(updates, into: start)
    let errors = FlexLoRA().aggregationErrors(of: updates, combinedInto: state)
    #expect(errors.count == golden.flexlora.count)
    for (expected, error) in zip(golden.flexlora, errors) {
      let layer = state.global[expected.layer]
      let own = product(expected.module, of: layer)
      let largest = Double(expected.product.elements.map(abs).max() ?? 0)
      for (number, witness) in zip(own, expected.product.elements) {
        #expect(abs(number - Double(witness)) < 2e-6 * largest)
      }
      #expect(error.module == expected.module && error.layer == expected.layer)
      #expect(abs(error.relative - expected.relative) < 1e-6)
      let loraA = try #require(layer["\(expected.module).lora_A.weight"])
      let loraB = try #require(layer["\(expected.module).lora_B.weight"])
      for index in 0..<3 {
        let row = loraA.elements[index * 5..<(index + 1) * 5].map(Double.init)
        #expect(abs(row.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
        let column = stride(from: index, to: loraB.count, by: 3).map { Double(loraB.elements[$0]) }
        let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(norm - expected.values[index]) < 1e-6 * expected.values[0])
      }
    }
  }

  @Test("FlexLoRA gives equal clients, and one client, their own product", arguments: [1, 3])
  func sameProduct(count: Int) throws {
    let same = fixedAdapter(phase: 4)
    let updates = [0, 5, 3].prefix(count).map { fixedUpdate(client: $0, adapter: same) }
    let state = try FlexLoRA().combine(
      try WeightedUpdates(Array(updates), weighting: .examples),
      into: FederatedState(global: fixedAdapter())
    )
    for layer in same.indices {
      for module in ["self_attn.q_proj", "self_attn.v_proj"] {
        let expected = product(module, of: same[layer])
        for (own, other) in zip(product(module, of: state.global[layer]), expected) {
          #expect(abs(own - other) < 1e-5)
        }
      }
    }
  }

  @Test("FlexLoRA leaves no rank dead when the cohort's ranks are few")
  func alive() throws {
    let method = FlexLoRA(settings(ranks: [1, 1, 2]))
    let state = try MethodRun(method, cohorts: [[0]]).state
    for layer in state.global {
      // v has two outputs, and so two directions.
      let loraA = try #require(layer["self_attn.q_proj.lora_A.weight"])
      for row in 0..<3 {
        let norm = loraA.elements[row * 5..<(row + 1) * 5].reduce(0) { $0 + $1 * $1 }
        #expect(abs(norm - 1) < 1e-5)
      }
    }
  }

  @Test("HETLoRA pads and weighs by the norms of the products, as an independent witness does")
  func hetLoRA() throws {
    let golden = try MethodsGolden.load()
    let state = HETLoRA().combine(
      try golden.unequalUpdates,
      into: FederatedState(global: adapter(golden.start))
    )
    #expect(relativeDifference(state.global, adapter(golden.hetlora)) < 1e-6)
    #expect(state.numbers == ["rank": [2: 3, 7: 2, 11: 1]])
  }

  @Test("HETLoRA's penalty has the gradient that differences give")
  func penalty() throws {
    let golden = try MethodsGolden.load()
    let method = HETLoRA(settings(ranks: nil) { ($0.rankPenalty, $0.rankShare) = (0.25, 0.7) })
    let here = adapter(golden.start)
    var gradients = here.map { $0.map { Tensor(shape: $1.shape) } }
    method.localRule(for: task(client: 0, adapter: here)).addGradients(to: &gradients, at: here)
    #expect(relativeDifference(gradients, adapter(golden.penalty.gradient)) < 1e-5)
    // At B = 0 a norm has no gradient: nothing is added, and nothing is NaN.
    let fresh = here.map { layer in
      layer.map { $0.hasSuffix("B.weight") ? Tensor(shape: $1.shape) : $1 }
    }
    var none = here.map { $0.map { Tensor(shape: $1.shape) } }
    method.localRule(for: task(client: 0, adapter: fresh)).addGradients(to: &none, at: fresh)
    #expect(none.allSatisfy { layer in layer.names.allSatisfy { layer[$0]?.squaredNorm == 0 } })
  }

  @Test("HETLoRA prunes a client whose last ranks have shrunk, down to the smallest rank")
  func pruning() throws {
    let method = HETLoRA(settings(ranks: nil) { ($0.rankShare, $0.smallestRank) = (0.7, 2) })
    func sent(_ factor: Float, rank: Int) -> [NamedTensors] {
      let start = cut(fixedAdapter(phase: 1), toRank: rank)
      let trained = start.map { layer in
        layer.map { Tensor(shape: $1.shape, elements: $1.elements.map { $0 * factor }) }
      }
      let rule = method.localRule(for: task(client: 0, adapter: start))
      return rule.sent(trained, learningRates: 1).adapter
    }
    #expect(rank(sent(0.5, rank: 3)) == 2 && rank(sent(1.5, rank: 3)) == 3)
    #expect(rank(sent(0.5, rank: 2)) == 2)
    #expect(sent(0.5, rank: 3)[1]["self_attn.v_proj.lora_B.weight"]?.shape == [2, 2])
  }

  @Test("HETLoRA's server takes a lower rank, keeps it, and refuses one that is none")
  func lowerRank() throws {
    let method = HETLoRA(settings(ranks: [3, 2, 3]))
    let link = InProcessLink(workerCount: 1, trainer: NoOpTrainer(method: method))
    let start = method.initialState(fixedAdapter())
    func run(_ spoil: @escaping @Sendable (inout ClientUpdate) -> Void) throws -> RoundOutcome {
      let faulty = FaultyLink(link) { [$0[0].changing(spoil), $0[1]] }
      return try Federation(method: method).runRound(
        plan(cohort: [0, 1]),
        from: start,
        over: faulty
      )
    }
    let pruned = try run { $0.adapter = cut($0.adapter, toRank: 1) }
    #expect(pruned.rejected.isEmpty && pruned.state.numbers["rank"] == [0: 1, 1: 2])
    #expect(rank(method.start(of: 0, in: pruned.state)) == 1)
    #expect(rank(pruned.state.global) == 3 && pruned.aggregationErrors.count == 4)
    let mixed = try run { $0.adapter[0] = cut($0.adapter, toRank: 1)[0] }
    #expect(mixed.rejected.map(\.reason) == [.wrongShape])
    let empty = try run { $0.adapter = cut($0.adapter, toRank: 0) }
    #expect(empty.rejected.map(\.reason) == [.wrongShape])
  }

  @Test("cost the bytes of each client's rank", arguments: types)
  func bytes(type: any FederatedMethod.Type) throws {
    let method = type.init(settings(ranks: [3, 1, 2]) { $0.rankShare = 1 })
    let outcome = try MethodRun(method, cohorts: [[0, 1, 2]]).outcomes[0]
    for (client, rank) in [3, 1, 2].enumerated() {
      // Two layers of 5 + 7 and 5 + 2 numbers a rank.
      let bytes = 4 * 2 * rank * 19
      #expect(
        outcome.meters.clients[client]?.traffic == Traffic(loraUp: bytes, loraDown: bytes)
      )
    }
    #expect(rank(outcome.state.global) == 3)
  }

  @Test("others refuse unequal ranks")
  func objections() {
    for method in FederatedMethods.all {
      let takesRanks = Self.takers.contains(method.name)
      #expect((method.objection(to: .unequalRanks) == nil) == takesRanks)
    }
  }

  @Test("ranks are dealt evenly, by the seed alone")
  func dealing() {
    let ranks = RankDealing([8, 4, 2], clientCount: 20, seed: 5).ranks
    let counts = [8, 4, 2].map { rank in ranks.count { $0 == rank } }
    #expect(counts == [7, 7, 6])
    #expect(RankDealing([8, 4, 2], clientCount: 20, seed: 5).ranks == ranks)
    #expect(RankDealing([8, 4, 2], clientCount: 20, seed: 6).ranks != ranks)
  }
}
