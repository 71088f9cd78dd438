import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Methods that merge into the base")
struct MergingMethodTests {
  private func settings(_ change: (inout MethodOptions) -> Void = { _ in }) -> MethodSettings {
    var options = MethodOptions()
    change(&options)
    return MethodSettings(options: options, populationCount: 12, seed: 5)
  }

  /// Largest difference of a bank from dense matrices, over their largest number.
  private func difference(
    _ bank: FactorBank,
    _ expected: [MethodsGolden.Merged.Weight]
  ) -> Double {
    expected.reduce(0) { largest, weight in
      let own = product(weight.module, of: bank.layers[weight.layer])
      let size = weight.product.elements.map(abs).max() ?? 0
      guard own.count == weight.product.elements.count else { return .infinity }
      let distances = zip(own, weight.product.elements).map { abs($0 - Double($1)) }
      return max(largest, (distances.max() ?? 0) / Double(size))
    }
  }

  @Test("FLoRA merges the mean of the products of unequal ranks, as dense matrices do")
  func flora() throws {
    let golden = try MethodsGolden.load()
    let method = FLoRA(settings())
    var state = method.initialState(adapter(golden.start))
    for (index, expected) in golden.flora.enumerated() {
      let updates = try golden.unequalUpdates(index)
      state = try method.combine(updates, into: state)
      #expect(difference(state.bank, expected.modules) < 1e-6)
      let errors = method.aggregationErrors(of: updates, combinedInto: state)
      #expect(errors.count == 4 && errors.allSatisfy { $0.relative == 0 && $0.norm > 0 })
    }
    #expect(state.bank.rank == 5 && state.bank.lostShare == 0)
  }

  @Test("a limited bank keeps the largest directions and tells what it has cut")
  func cutBank() throws {
    let golden = try MethodsGolden.load()
    let method = FLoRA(settings { $0.bankRank = 2 })
    var state = method.initialState(adapter(golden.start))
    for (index, expected) in golden.floraCut.enumerated() {
      let updates = try golden.unequalUpdates(index)
      state = try method.combine(updates, into: state)
      #expect(difference(state.bank, expected.modules) < 2e-6)
      #expect(abs(state.bank.lostShare - expected.lost) < 1e-6 && state.bank.rank == 2)
      let errors = method.aggregationErrors(of: updates, combinedInto: state)
      #expect(errors.allSatisfy { $0.difference > 0 })
    }
  }

  @Test("FedEx-LoRA merges what the product of the means leaves out, as dense matrices do")
  func fedEx() throws {
    let golden = try MethodsGolden.load()
    let method = FedExLoRA()
    var (state, plain) = (
      method.initialState(adapter(golden.start)), FedIT().initialState(adapter(golden.start))
    )
    for (index, expected) in golden.fedex.enumerated() {
      let updates = try golden.updates(index)
      state = try method.combine(updates, into: state)
      plain = FedIT().combine(updates, into: plain)
      #expect(difference(state.bank, expected.modules) < 1e-6)
      #expect(bits(state.global) == bits(plain.global))
      let errors = method.aggregationErrors(of: updates, combinedInto: state)
      #expect(errors.count == 4 && errors.allSatisfy { $0.relative == 0 })
    }
  }

  @Test("global adapter and residual are the mean of the products, in modules that are not square")
  func exact() throws {
    let updates = try WeightedUpdates(threeUpdates, weighting: .examples)
    for method in [FLoRA(settings()), FedExLoRA()] as [any FederatedMethod] {
      let state = try method.combine(updates, into: method.initialState(fixedAdapter()))
      let whole = FactorBank.joined(state.bank.layers, method.evaluated(in: state)[0])
      for layer in whole.indices {
        for module in ["self_attn.q_proj", "self_attn.v_proj"] {
          let products = updates.updates.map { product(module, of: $0.adapter[layer]) }
          let own = product(module, of: whole[layer])
          #expect(own.count == products[0].count)
          for index in own.indices {
            let mean = zip(products, updates.shares).reduce(0) { $0 + $1.0[index] * $1.1 }
            #expect(abs(own[index] - mean) < 1e-6)
          }
        }
      }
    }
  }

  @Test("FLoRA with one client merges that client's pair, to the bit, and begins anew")
  func oneClient() throws {
    let method = FLoRA(settings())
    // Two ranks: v has two outputs, and more would be multiplied out.
    let fresh = fixedAdapter(rank: 2)
    let start = method.initialState(fresh)
    let first = method.start(of: 3, in: start)
    let trained = NoOpTrainer(method: method).train(task(client: 3, adapter: first)).adapter
    let state = try MethodRun(method, cohorts: [[3]], start: fresh).state
    #expect(bits(state.bank.layers) == bits(trained))
    #expect(
      bits(FactorBank.joined(state.bank.layers, method.evaluated(in: state)[0])) == bits(trained)
    )
    // The next round trains another pair beside the first, which stays as it was.
    let second = try MethodRun(method, cohorts: [[3], [3]], start: fresh).state
    let begun = method.start(of: 3, in: state)
    let next = NoOpTrainer(method: method).train(task(client: 3, round: 2, adapter: begun)).adapter
    #expect(bits(begun) != bits(first))
    for (layer, merged) in second.bank.layers.enumerated() {
      for module in ["self_attn.q_proj", "self_attn.v_proj"] {
        let sum = zip(product(module, of: trained[layer]), product(module, of: next[layer])).map(+)
        for (own, expected) in zip(product(module, of: merged), sum) {
          #expect(abs(own - expected) < 1e-6)
        }
      }
    }
  }

  @Test("FLoRA draws a fresh A for each client and time, by the seed, and B is zero")
  func fresh() throws {
    let method = FLoRA(settings())
    let state = try MethodRun(method, cohorts: [[0, 1]]).state
    let starts = [0, 1, 2].map { method.start(of: $0, in: state) }
    let again = method.start(of: 2, in: method.initialState(fixedAdapter()))
    #expect(starts[2] == again && starts[0] != starts[1] && starts[1] != starts[2])
    var other = settings()
    other.seed = 6
    #expect(FLoRA(other).start(of: 2, in: state) != starts[2])
    for layer in starts[0] {
      for name in layer.names {
        let numbers = try #require(layer[name]).elements
        let bound: Float = name.hasSuffix("lora_A.weight") ? 1 / Float(5).squareRoot() : 0
        #expect(numbers.allSatisfy { abs($0) <= bound })
      }
    }
    #expect(
      method.evaluated(in: state)[0].allSatisfy { layer in
        layer["self_attn.q_proj.lora_B.weight"]?.squaredNorm == 0
      }
    )
  }

  @Test("FedEx-LoRA merges nothing of one client, and zeros of equal ones")
  func equal() throws {
    let same = fixedAdapter(phase: 4)
    let updates = [0, 5, 3].map { fixedUpdate(client: $0, adapter: same) }
    for count in 1...3 {
      let state = try FedExLoRA().combine(
        try WeightedUpdates(Array(updates.prefix(count)), weighting: .examples),
        into: FederatedState(global: fixedAdapter())
      )
      #expect(bits(state.global) == bits(same))
      #expect(state.bank.isEmpty == (count == 1))
      #expect(
        state.bank.layers.allSatisfy { layer in
          ["self_attn.q_proj", "self_attn.v_proj"].allSatisfy { module in
            product(module, of: layer).allSatisfy { $0 == 0 }
          }
        }
      )
    }
  }

  @Test("clients train beside the bank; what they send is their own pair alone")
  func tasks() throws {
    for method in [FLoRA(settings()), FedExLoRA()] as [any FederatedMethod] {
      let run = try MethodRun(method, cohorts: [[0, 1], [2, 1]])
      let link = RecordingLink()
      _ = try Federation(method: method).runRound(
        plan(round: 3, cohort: [0]),
        from: run.state,
        over: link
      )
      #expect(link.tasks[0].bank == run.state.bank.layers)
      #expect(run.outcomes.allSatisfy { $0.rejected.isEmpty })
    }
  }
}
