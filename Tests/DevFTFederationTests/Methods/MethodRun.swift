import DevFTFederation
import DevFTTensor
import _DevFTTestSupport

/// Rounds of a method over clients without a model.
struct MethodRun {
  /// What the last round left.
  private(set) var state: FederatedState
  /// What each round left.
  private(set) var outcomes: [RoundOutcome] = []

  /// Runs rounds from the fixed adapter.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - cohorts: The cohort of each round.
  ///   - start: The fresh adapter.
  ///   - reversed: Whether updates arrive in the opposite order.
  /// - Throws: What the rounds throw.
  init(
    _ method: any FederatedMethod,
    cohorts: [[Int]],
    start: [NamedTensors] = fixedAdapter(),
    reversed: Bool = false
  ) throws {
    let federation = Federation(method: method)
    let trained = InProcessLink(workerCount: 2, trainer: NoOpTrainer(method: method))
    let link = FaultyLink(trained) { reversed ? $0.reversed() : $0 }
    state = method.initialState(start)
    var lastRounds: [Int: Int] = [:]
    for (index, cohort) in cohorts.enumerated() {
      let plan = plan(round: index + 1, cohort: cohort, lastRounds: lastRounds)
      let outcome = try federation.runRound(plan, from: state, over: link)
      state = outcome.state
      outcomes.append(outcome)
      for client in cohort { lastRounds[client] = index + 1 }
    }
  }
}
