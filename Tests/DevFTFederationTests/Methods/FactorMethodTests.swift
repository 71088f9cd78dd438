import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Methods that treat the factors differently")
struct FactorMethodTests {
  private static let cohorts = [[0, 1, 2], [1, 2], [2, 0, 1], [0, 2]]

  /// The tensors of one factor, as bits.
  private func bits(_ adapter: [NamedTensors], _ factor: String) -> [[String: [UInt32]]] {
    DevFTFederationTests.bits(adapter).map { layer in
      layer.filter { $0.key.hasSuffix("lora_\(factor).weight") }
    }
  }

  @Test("FFA-LoRA leaves A alone to the bit in every round and averages B exactly")
  func ffa() throws {
    let run = try MethodRun(FFALoRA(), cohorts: Self.cohorts)
    for outcome in run.outcomes {
      #expect(bits(outcome.state.global, "A") == bits(fixedAdapter(), "A"))
      #expect(outcome.aggregationErrors.count == 4)
      #expect(outcome.aggregationErrors.allSatisfy { $0.difference == 0 && $0.norm > 0 })
    }
    #expect(bits(run.state.global, "B") != bits(run.outcomes[0].state.global, "B"))
  }

  @Test("FFA-LoRA has one A for all layers of equal shape in stages, and one a layer without")
  func sharedA() {
    let staged = FFALoRA(MethodSettings(isStaged: true)).initialState(fixedAdapter()).global
    #expect(bits(staged, "A")[1] == bits(fixedAdapter(), "A")[0])
    #expect(bits(staged, "B") == bits(fixedAdapter(), "B"))
    #expect(FFALoRA().initialState(fixedAdapter()).global == fixedAdapter())
  }

  @Test("RoLoRA trains B first, then one factor in turns; the other rests to the bit")
  func rolora() throws {
    let run = try MethodRun(RoLoRA(), cohorts: Self.cohorts)
    var before = fixedAdapter()
    for (index, outcome) in run.outcomes.enumerated() {
      let (live, resting) = index.isMultiple(of: 2) ? ("B", "A") : ("A", "B")
      #expect(bits(outcome.state.global, resting) == bits(before, resting))
      #expect(bits(outcome.state.global, live) != bits(before, live))
      #expect(outcome.aggregationErrors.allSatisfy { $0.difference == 0 })
      before = outcome.state.global
    }
  }

  @Test("RoLoRA counts its turns from the start of the stage", arguments: 1...4)
  func turns(roundOfStage: Int) {
    var task = task(client: 0)
    task.place = TaskPlace(round: 6 + roundOfStage, roundOfStage: roundOfStage)
    let rule = RoLoRA().localRule(for: task)
    let trainsB = rule.trains("self_attn.q_proj.lora_B.weight")
    #expect(trainsB == (roundOfStage % 2 == 1))
    #expect(rule.trains("self_attn.q_proj.lora_A.weight") != trainsB)
  }

  @Test("FedSA-LoRA averages A alone, keeps every B, and has three results")
  func fedSA() throws {
    let golden = try MethodsGolden.load()
    var options = MethodOptions()
    options.fedSAResult = .globalMeanB
    let method = FedSALoRA(MethodSettings(options: options))
    var state = method.initialState(adapter(golden.start))
    for (index, expected) in golden.fedsa.enumerated() {
      state = method.combine(try golden.updates(index), into: state)
      #expect(relativeDifference(state.global, adapter(expected.global)) < 1e-6)
      let meanB = method.evaluated(in: state)
      #expect(meanB.count == 1 && relativeDifference(meanB[0], adapter(expected.meanB)) < 1e-6)
      let others = method.otherResults(in: state)
      #expect(others.keys.sorted() == ["client_mean", "zero_B"])
      #expect(others["zero_B"] == [state.global] && others["client_mean"]?.count == 3)
    }
    #expect(method.personalAdapters(in: state).isEmpty)
    #expect(FedSALoRA().personalAdapters(in: state).keys.sorted() == [2, 7, 11])
    #expect(FedSALoRA().evaluated(in: state) == method.otherResults(in: state)["client_mean"])
  }

  @Test("FedSA-LoRA's clients differ in B, start from their own, and share A")
  func ownB() throws {
    let state = try MethodRun(FedSALoRA(), cohorts: [[0, 1], [1, 2]]).state
    let starts = [0, 1, 2].map { FedSALoRA().start(of: $0, in: state) }
    #expect(Set(starts.map { bits($0, "B") }).count == 3)
    #expect(Set(starts.map { bits($0, "A") }).count == 1)
    let unknown = FedSALoRA().start(of: 9, in: state)
    #expect(
      bits(unknown, "B") == bits(fixedAdapter(), "B") && bits(unknown, "A") == bits(starts[0], "A")
    )
  }

  @Test("FedSA-LoRA carries every client's B over a change of stage")
  func stages() throws {
    let state = try MethodRun(FedSALoRA(), cohorts: [[0, 1]]).state
    let grown = FedSALoRA().stateAfterStage(state).mapAdapters { [$0[0], $0[0], $0[1]] }
    for client in [0, 1] {
      let (before, after) = (state.personal[client], grown.personal[client])
      #expect(after?.count == 3 && after?[1] == before?[0] && after?[2] == before?[1])
      #expect(FedSALoRA().start(of: client, in: grown).count == 3)
    }
    #expect(grown.numbers == state.numbers && !state.numbers.isEmpty)
  }
}
