import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("FedSWA")
struct FedSWATests {
  @Test("has the mean over rounds that an independent witness has; clients go on from FedIT's")
  func golden() throws {
    let golden = try MethodsGolden.load()
    var (state, plain) = (
      FedSWA().initialState(adapter(golden.start)), FedIT().initialState(adapter(golden.start))
    )
    for (index, expected) in golden.fedswa.enumerated() {
      state = FedSWA().combine(try golden.updates(index), into: state)
      plain = FedIT().combine(try golden.updates(index), into: plain)
      let result = FedSWA().evaluated(in: state)
      #expect(result.count == 1)
      #expect(relativeDifference(result[0], adapter(expected)) < Tolerance.storedMoments)
      #expect(bits(FedSWA().start(of: 3, in: state)) == bits(plain.global))
    }
    #expect(golden.fedswa.count == 2)
  }

  @Test("is FedIT after one round, and where nothing changes", arguments: [0, 1, 8])
  func same(power: Double) throws {
    var options = MethodOptions()
    options.averagingPower = power
    let method = FedSWA(MethodSettings(options: options))
    let once = try MethodRun(method, cohorts: [[2, 0, 1]]).state
    let plain = try MethodRun(FedIT(), cohorts: [[2, 0, 1]]).state
    #expect(method.evaluated(in: once).map(bits) == [bits(plain.global)])
    let update = fixedUpdate(client: 1, adapter: fixedAdapter())
    var state = method.initialState(fixedAdapter())
    for _ in 1...3 {
      state = method.combine(try WeightedUpdates([update], weighting: .examples), into: state)
    }
    #expect(method.evaluated(in: state).map(bits) == [bits(fixedAdapter())])
  }

  @Test("with power 0 is the plain mean of all rounds")
  func plainMean() throws {
    var options = MethodOptions()
    options.averagingPower = 0
    let method = FedSWA(MethodSettings(options: options))
    let phases: [Double] = [1, 2, 5]
    var state = method.initialState(fixedAdapter())
    for phase in phases {
      let update = fixedUpdate(client: 0, adapter: fixedAdapter(phase: phase))
      state = method.combine(try WeightedUpdates([update], weighting: .examples), into: state)
    }
    let rounds = phases.map { fixedAdapter(phase: $0) }
    for (layer, tensors) in method.evaluated(in: state)[0].enumerated() {
      for name in tensors.names {
        let all = try rounds.map { try #require($0[layer][name]).elements }
        for (index, element) in try #require(tensors[name]).elements.enumerated() {
          let mean = all.reduce(0.0) { $0 + Double($1[index]) } / 3
          #expect(abs(Double(element) - mean) < 1e-6)
        }
      }
    }
  }

  @Test("a stage hands on the mean and begins a new one")
  func stages() throws {
    let state = try MethodRun(FedSWA(), cohorts: [[0, 1], [2], [1]]).state
    let handed = FedSWA().stateAfterStage(state)
    #expect(bits(handed.global) == bits(FedSWA().evaluated(in: state)[0]))
    #expect(bits(handed.global) != bits(state.global))
    let update = fixedUpdate(client: 1)
    let next = FedSWA().combine(try WeightedUpdates([update], weighting: .examples), into: handed)
    #expect(FedSWA().evaluated(in: next).map(bits) == [bits(update.adapter)])
  }
}
