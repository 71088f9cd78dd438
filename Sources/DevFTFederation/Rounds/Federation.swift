import DevFTTensor

/// A server that runs rounds of one method.
///
/// A round is a function of plan, state and what the link returns; its times apart, nothing else
/// enters. The order is fixed: broadcast, local training, upload, shares, combination, meters.
///
/// ```swift
/// let federation = Federation(method: FedIT(), minimumUpdateCount: 1)
/// let outcome = try federation.runRound(plan, from: state, over: link)
/// state = outcome.state
/// ```
public struct Federation: Sendable {
  /// How clients and server work together.
  public let method: any FederatedMethod
  /// What an update weighs.
  public let weighting: AggregationWeighting
  /// Fewest updates a round goes on with, at least 1.
  public let minimumUpdateCount: Int
  /// How numbers travel.
  public let wireFormat: WireFormat
  /// Bandwidth for the modelled transfer time, or `nil` to model none.
  public let network: NetworkModel?
  /// Whether each round measures its aggregation error.
  public let measuresAggregationError: Bool

  /// Creates a server.
  ///
  /// - Parameters:
  ///   - method: How clients and server work together.
  ///   - weighting: What an update weighs.
  ///   - minimumUpdateCount: Fewest updates a round goes on with, at least 1.
  ///   - wireFormat: How numbers travel.
  ///   - network: Bandwidth for the modelled transfer time.
  ///   - measuresAggregationError: Whether each round measures its aggregation error.
  public init(
    method: any FederatedMethod,
    weighting: AggregationWeighting = .examples,
    minimumUpdateCount: Int = 1,
    wireFormat: WireFormat = .f32,
    network: NetworkModel? = nil,
    measuresAggregationError: Bool = true
  ) {
    self.method = method
    self.weighting = weighting
    self.minimumUpdateCount = minimumUpdateCount
    self.wireFormat = wireFormat
    self.network = network
    self.measuresAggregationError = measuresAggregationError
  }

  /// Runs one round.
  ///
  /// - Parameters:
  ///   - plan: Round, stage, cohort and how it trains.
  ///   - state: What the last round left.
  ///   - link: The way to the clients.
  /// - Returns: The new state with costs, losses and events.
  /// - Throws: `FederationError` with code `invalidSetting`, `quorumMissed` or `noWeight`, and
  ///   what the link throws.
  public func runRound(
    _ plan: RoundPlan,
    from state: FederatedState,
    over link: any ServerLink
  ) throws -> RoundOutcome {
    guard (1...plan.cohort.count).contains(minimumUpdateCount) else {
      throw FederationError(
        .invalidSetting,
        "the fewest updates of a round must be between 1 and the \(plan.cohort.count) clients "
          + "of its cohort, not \(minimumUpdateCount)"
      )
    }
    let tasks = tasks(of: plan, from: state)
    let outcomes = try link.perform(tasks)
    let arrival = ContinuousClock.now
    var intake = RoundIntake(tasks, of: self)
    for outcome in outcomes { intake.receive(outcome) }
    let updates = try WeightedUpdates(intake.close(), weighting: weighting)
    let nextState = method.combine(updates, into: state)
    let serverTime = ContinuousClock.now - arrival
    return RoundOutcome(
      state: nextState,
      meters: meters(of: intake, plan: plan, serverTime: serverTime),
      reports: intake.reports,
      loss: updates.loss,
      aggregationErrors: measures(state) ? aggregationErrors(of: updates) : [],
      rejected: intake.rejected,
      failures: intake.failures
    )
  }

  private func tasks(of plan: RoundPlan, from state: FederatedState) -> [ClientTask] {
    plan.cohort.sorted().map { client in
      ClientTask(
        client: client,
        round: plan.round,
        stage: plan.stage,
        adapter: travelled(method.start(of: client, in: state)),
        training: plan.training
      )
    }
  }

  /// Whether to measure the aggregation error: where nothing travels, nothing is aggregated.
  private func measures(_ state: FederatedState) -> Bool {
    measuresAggregationError && byteCount(state.global) > 0
  }
}
