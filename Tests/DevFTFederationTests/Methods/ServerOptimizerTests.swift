import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Server optimizers")
struct ServerOptimizerTests {
  static let types: [any FederatedMethod.Type] = [
    FedAvgM.self, FedAdagrad.self, FedYogi.self, FedAdam.self,
  ]

  private func expect(
    _ method: any FederatedMethod,
    _ expected: [MethodsGolden.Adapter]?,
    of golden: MethodsGolden
  ) throws {
    let globals = try golden.globals(of: method)
    let expected = try #require(expected)
    #expect(globals.count == 2 && expected.count == 2)
    for (global, expected) in zip(globals, expected) {
      #expect(relativeDifference(global, adapter(expected)) < Tolerance.storedMoments)
    }
  }

  @Test("take the steps that an independent witness takes", arguments: types)
  func golden(type: any FederatedMethod.Type) throws {
    let golden = try MethodsGolden.load()
    try expect(type.init(MethodSettings()), golden.optimizers[type.name], of: golden)
  }

  @Test("and those of the paper when asked for", arguments: types.dropFirst())
  func paper(type: any FederatedMethod.Type) throws {
    let golden = try MethodsGolden.load()
    var options = MethodOptions()
    options.updateMean = .weighted
    options.secondMoment = .update
    let method = type.init(MethodSettings(options: options))
    try expect(method, golden.optimizersOfThePaper[type.name], of: golden)
    let plain = try golden.globals(of: type.init(MethodSettings()))
    #expect(try golden.globals(of: method) != plain)
  }

  @Test("keep the moments they need and no more, and none over a change of stage")
  func state() throws {
    let expected = [
      "fedavgm": ["first_moment"], "fedadagrad": ["second_moment"],
      "fedyogi": ["first_moment", "second_moment"], "fedadam": ["first_moment", "second_moment"],
    ]
    for type in Self.types {
      let method = type.init(MethodSettings())
      let state = try MethodRun(method, cohorts: [[0, 2], [1]]).state
      #expect(state.server.keys.sorted() == expected[type.name])
      let next = method.stateAfterStage(state)
      #expect(next.server.isEmpty && next.global == state.global)
    }
  }

  @Test("with one client the first step of FedAvgM is that client's training")
  func momentumOfOne() throws {
    let state = try MethodRun(FedAvgM(), cohorts: [[0]]).state
    let trained = NoOpTrainer().train(task(client: 0)).adapter
    #expect(relativeDifference(state.global, trained) < Tolerance.oneFloatStep)
  }

  @Test("without any change leave the adapter where it is", arguments: types)
  func rest(type: any FederatedMethod.Type) throws {
    let method = type.init(MethodSettings())
    let start = method.initialState(fixedAdapter())
    let updates = [
      fixedUpdate(client: 1, adapter: fixedAdapter()),
      fixedUpdate(client: 0, adapter: fixedAdapter()),
    ]
    let state = try method.combine(try WeightedUpdates(updates, weighting: .examples), into: start)
    #expect(state.global == start.global)
  }
}
