import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("SCAFFOLD")
struct ScaffoldTests {
  private func method(_ population: Int) -> Scaffold {
    Scaffold(MethodSettings(populationCount: population))
  }

  @Test("moves adapter and control variates as an independent witness does")
  func golden() throws {
    let golden = try MethodsGolden.load()
    let method = method(golden.population)
    var state = method.initialState(adapter(golden.start))
    for (index, expected) in golden.scaffold.enumerated() {
      let sent = try clientSteps(golden.rounds[index], of: method, from: state)
      for (client, changes) in sent {
        let witness = adapter(try #require(expected.changes[String(client)]))
        #expect(relativeDifference(changes, witness) < Tolerance.storedMoments)
      }
      state = method.combine(try golden.updates(index) { sent[$0] ?? [] }, into: state)
      let control = method.auxiliary(in: state, at: firstPlace)
      #expect(relativeDifference(state.global, adapter(expected.global)) < 1e-6)
      #expect(relativeDifference(control, adapter(expected.control)) < Tolerance.storedMoments)
      for (client, own) in expected.own {
        let kept = try #require(state.personal[Int(client) ?? -1])
        #expect(relativeDifference(kept, adapter(own)) < Tolerance.storedMoments)
      }
    }
  }

  /// What each client sends beside its adapter, after steps whose rates add up to 0.04.
  private func clientSteps(
    _ updates: [MethodsGolden.Update],
    of method: Scaffold,
    from state: FederatedState
  ) throws -> [Int: [NamedTensors]] {
    var sent: [Int: [NamedTensors]] = [:]
    for update in updates {
      let task = ClientTask(
        client: update.client,
        stage: 1,
        place: TaskPlace(round: 1, roundOfStage: 1),
        adapter: state.global,
        auxiliary: method.auxiliary(in: state, at: firstPlace),
        kept: state.personal[update.client] ?? [],
        training: plan(cohort: [0]).training
      )
      sent[update.client] =
        method.localRule(for: task).sent(adapter(update.adapter), learningRates: 0.04).auxiliary
    }
    return sent
  }

  @Test("keeps c at the mean of all c_i, those that never took part counting as zero")
  func mean() throws {
    for (population, cohorts) in [
      (3, [[0, 1, 2], [0, 1, 2], [2, 1, 0]]), (5, [[0, 3], [3, 4], [0]]),
    ] {
      let method = method(population)
      let state = try MethodRun(method, cohorts: cohorts).state
      let control = method.auxiliary(in: state, at: firstPlace)
      for (layer, tensors) in control.enumerated() {
        for name in tensors.names {
          let own = state.personal.values.compactMap { $0[layer][name]?.elements }
          let expected = try #require(tensors[name]).elements
          let largest = expected.map(abs).max() ?? 0
          for (index, number) in expected.enumerated() {
            let sum = own.reduce(0.0) { $0 + Double($1[index]) }
            #expect(abs(sum / Double(population) - Double(number)) < 1e-5 * Double(largest))
          }
        }
      }
    }
  }

  @Test("corrects a step by the rate times c - c_i")
  func correction() throws {
    let (control, own) = (fixedAdapter(phase: 3), fixedAdapter(phase: 7))
    var task = task(client: 0)
    (task.auxiliary, task.kept) = (control, own)
    var moved = fixedAdapter(phase: 1)
    Scaffold().localRule(for: task).correct(&moved, learningRate: 0.5)
    let name = "self_attn.q_proj.lora_B.weight"
    let start = try #require(fixedAdapter(phase: 1)[1][name]).elements
    let (c, i) = (try #require(control[1][name]).elements, try #require(own[1][name]).elements)
    for (index, number) in try #require(moved[1][name]).elements.enumerated() {
      #expect(number == start[index] - 0.5 * (c[index] - i[index]))
    }
  }

  @Test("starts every stage without control variates")
  func stages() throws {
    let method = method(3)
    let next = method.stateAfterStage(try MethodRun(method, cohorts: [[0, 1, 2]]).state)
    #expect(next.personal.isEmpty)
    #expect(
      method.auxiliary(in: next, at: firstPlace).allSatisfy { layer in
        layer.names.allSatisfy { layer[$0]?.squaredNorm == 0 }
      }
    )
  }

  @Test("refuses a control variate that does not fit or is no number")
  func spoilt() throws {
    let method = method(3)
    let link = InProcessLink(workerCount: 1, trainer: NoOpTrainer(method: method))
    let faults: [(RejectedUpdate.Reason, @Sendable (inout ClientUpdate) -> Void)] = [
      (.wrongShape, { $0.auxiliary = [] }),
      (.nonFinite, { $0.auxiliary[0]["self_attn.q_proj.lora_A.weight"]?.elements[0] = .nan }),
    ]
    for (reason, spoil) in faults {
      let faulty = FaultyLink(link) { [$0[0], $0[1].changing(spoil)] }
      let outcome = try Federation(method: method)
        .runRound(plan(cohort: [0, 1]), from: method.initialState(fixedAdapter()), over: faulty)
      #expect(outcome.rejected.map(\.reason) == [reason])
      #expect(outcome.state.personal.keys.sorted() == [0])
    }
  }
}
