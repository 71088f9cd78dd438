import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Federated methods")
struct FederatedMethodTests {
  static let link = InProcessLink(workerCount: 2, trainer: NoOpTrainer())

  /// The state after rounds of a method from the fixed adapter.
  private func run(_ method: any FederatedMethod, cohorts: [[Int]]) throws -> FederatedState {
    let federation = Federation(method: method)
    var state = FederatedState(global: fixedAdapter())
    for (index, cohort) in cohorts.enumerated() {
      let plan = plan(round: index + 1, cohort: cohort)
      state = try federation.runRound(plan, from: state, over: Self.link).state
    }
    return state
  }

  @Test("are found by name, each under its own")
  func names() throws {
    #expect(FederatedMethods.all.map(\.name) == ["fedit", "centralised", "local-only"])
    for method in FederatedMethods.all {
      #expect(try FederatedMethods.named(method.name).name == method.name)
    }
  }

  @Test("that nobody knows are refused with the known ones")
  func unknown() {
    let error = federationError { _ = try FederatedMethods.named("fedlt") }
    #expect(error?.code == .unknownMethod)
    #expect(
      error?.message == "method must be one of fedit, centralised, local-only, not 'fedlt'"
    )
  }

  @Test(
    "with one client are that client's own training, round after round",
    arguments: FederatedMethods.all
  )
  func oneClient(method: any FederatedMethod) throws {
    let state = try run(method, cohorts: [[0], [0], [0]])
    var adapter = fixedAdapter()
    for round in 1...3 {
      let task = ClientTask(
        client: 0,
        round: round,
        stage: 1,
        adapter: adapter,
        training: plan(cohort: [0]).training
      )
      adapter = NoOpTrainer().train(task).adapter
    }
    #expect(method.evaluated(in: state).map(bits) == [bits(adapter)])
  }

  @Test("do not equal one another in what several clients end with")
  func pairwiseDifferent() throws {
    let fedIT = try run(FedIT(), cohorts: [[1, 2], [0, 2]])
    let localOnly = try run(LocalOnly(), cohorts: [[1, 2], [0, 2]])
    let centralised = try run(Centralised(), cohorts: [[0], [0]])
    #expect(fedIT.global != centralised.global)
    #expect(localOnly.personal.values.allSatisfy { $0 != fedIT.global })
    #expect(localOnly.global == fixedAdapter())
  }

  @Test("FedIT starts everyone from the mean of the round before")
  func fedITContinues() throws {
    let once = try run(FedIT(), cohorts: [[1, 2]])
    #expect(FedIT().start(of: 5, in: once) == once.global)
    #expect(once.global != fixedAdapter() && once.personal.isEmpty)
  }

  @Test("local-only leaves each client its own adapter and evaluates those that trained")
  func localOnly() throws {
    let method = LocalOnly()
    let state = try run(method, cohorts: [[4, 1], [2, 4]])
    #expect(state.personal.keys.sorted() == [1, 2, 4])
    #expect(method.start(of: 3, in: state) == fixedAdapter())
    #expect(method.start(of: 4, in: state) == state.personal[4])
    #expect(method.evaluated(in: state) == [1, 2, 4].compactMap { state.personal[$0] })
    #expect(method.evaluated(in: FederatedState(global: fixedAdapter())) == [fixedAdapter()])
    let once = try run(method, cohorts: [[4, 1]])
    #expect(state.personal[1] == once.personal[1] && state.personal[4] != once.personal[4])
  }

  @Test("centralised trains one client on everyone's examples")
  func centralised() throws {
    let partition = try Partition(.iid, exampleCount: 30, clientCount: 4, seed: 1)
    #expect(Centralised().population(of: partition) == partition.pooled)
    #expect(FedIT().population(of: partition) == partition)
    #expect(LocalOnly().population(of: partition) == partition)
  }

  @Test("carry every adapter over a change of stage")
  func stageChange() throws {
    let state = try run(LocalOnly(), cohorts: [[4, 1]])
    let grown = state.mapAdapters { $0 + [$0[0]] }
    #expect(grown.global == state.global + [state.global[0]])
    #expect(grown.personal.keys.sorted() == [1, 4])
    for (client, adapter) in state.personal {
      #expect(grown.personal[client] == adapter + [adapter[0]])
    }
  }
}
