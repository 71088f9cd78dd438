import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Federated methods")
struct FederatedMethodTests {
  @Test("are found by name, each under its own")
  func names() throws {
    #expect(Set(FederatedMethods.all.map { $0.name }).count == FederatedMethods.all.count)
    for method in FederatedMethods.all {
      #expect(try FederatedMethods.named(method.name).name == method.name)
      #expect(method.init(MethodSettings()).name == method.name)
    }
  }

  @Test("that nobody knows are refused with the known ones")
  func unknown() {
    let error = federationError { _ = try FederatedMethods.named("fedlt") }
    #expect(error?.code == .unknownMethod)
    let names = FederatedMethods.all.map { $0.name }.joined(separator: ", ")
    #expect(error?.message == "method must be one of \(names), not 'fedlt'")
  }

  /// Methods whose round of one client is that client's training, to the bit.
  static let averaging: [any FederatedMethod] = [
    FedIT(), FedProx(), Scaffold(), FFALoRA(), RoLoRA(), FedSALoRA(), Centralised(), LocalOnly(),
    FedExLoRA(), DoFIT(), unprunedHETLoRA,
  ]
  private static let unprunedHETLoRA: HETLoRA = {
    var options = MethodOptions()
    options.rankShare = 1
    return HETLoRA(MethodSettings(options: options, populationCount: 3))
  }()

  @Test(
    "with one client are that client's own training, round after round",
    arguments: averaging
  )
  func oneClient(method: any FederatedMethod) throws {
    let state = try MethodRun(method, cohorts: [[0], [0], [0]]).state
    var adapter = fixedAdapter()
    for round in 1...3 {
      var task = task(client: 0, round: round, adapter: adapter)
      task.auxiliary = method.auxiliary(in: method.initialState(fixedAdapter()), at: firstPlace)
      adapter = NoOpTrainer(method: method).train(task).adapter
    }
    #expect(method.evaluated(in: state).map(bits) == [bits(adapter)])
  }

  @Test("do not depend on the order of the cohort or of arrival", arguments: all)
  func anyOrder(method: any FederatedMethod) throws {
    let one = try MethodRun(method, cohorts: [[1, 2, 0], [0, 1], [2, 1, 0]]).state
    let other = try MethodRun(method, cohorts: [[2, 0, 1], [1, 0], [0, 1, 2]], reversed: true).state
    #expect(one == other)
    #expect(bits(one.global) == bits(other.global))
  }

  /// Every method with its defaults for a population of three.
  static let all = FederatedMethods.all.map { $0.init(MethodSettings(populationCount: 3)) }

  @Test("do not equal one another in what several clients end with")
  func withoutFederation() throws {
    let fedIT = try MethodRun(FedIT(), cohorts: [[1, 2], [0, 2]]).state
    let localOnly = try MethodRun(LocalOnly(), cohorts: [[1, 2], [0, 2]]).state
    let centralised = try MethodRun(Centralised(), cohorts: [[0], [0]]).state
    #expect(fedIT.global != centralised.global)
    #expect(localOnly.personal.values.allSatisfy { $0 != fedIT.global })
    #expect(localOnly.global == fixedAdapter())
  }

  @Test("FedIT starts everyone from the mean of the round before")
  func fedITContinues() throws {
    let once = try MethodRun(FedIT(), cohorts: [[1, 2]]).state
    #expect(FedIT().start(of: 5, in: once) == once.global)
    #expect(once.global != fixedAdapter() && once.personal.isEmpty)
  }

  @Test("local-only leaves each client its own adapter and evaluates those that trained")
  func localOnly() throws {
    let method = LocalOnly()
    let state = try MethodRun(method, cohorts: [[4, 1], [2, 4]]).state
    #expect(state.personal.keys.sorted() == [1, 2, 4])
    #expect(method.start(of: 3, in: state) == fixedAdapter())
    #expect(method.start(of: 4, in: state) == state.personal[4])
    #expect(method.evaluated(in: state) == [1, 2, 4].compactMap { state.personal[$0] })
    #expect(method.evaluated(in: FederatedState(global: fixedAdapter())) == [fixedAdapter()])
    let once = try MethodRun(method, cohorts: [[4, 1]]).state
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
    let state = try MethodRun(LocalOnly(), cohorts: [[4, 1]]).state
    let grown = LocalOnly().stateAfterStage(state).mapAdapters { $0 + [$0[0]] }
    #expect(grown.global == state.global + [state.global[0]])
    #expect(grown.personal.keys.sorted() == [1, 4])
    for (client, adapter) in state.personal {
      #expect(grown.personal[client] == adapter + [adapter[0]])
    }
  }
}
