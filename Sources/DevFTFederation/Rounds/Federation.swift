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
  /// How numbers travel, each way.
  public let wire: WireFormats
  /// Bandwidth for the modelled transfer time, or `nil` to model none.
  public let network: NetworkModel?
  /// Speed of the clients' devices, or `nil` to model no times.
  public let devices: DeviceModel?
  /// Modelled time after which an answer is too late, or `nil`.
  public let deadline: Duration?
  /// What becomes of answers that are too late.
  public let stragglers: Stragglers
  /// Whether each round measures its aggregation error.
  public let measuresAggregationError: Bool

  /// Creates a server.
  ///
  /// - Parameters:
  ///   - method: How clients and server work together.
  ///   - weighting: What an update weighs.
  ///   - minimumUpdateCount: Fewest updates a round goes on with, at least 1.
  ///   - wire: How numbers travel, each way.
  ///   - network: Bandwidth for the modelled transfer time.
  ///   - devices: Speed of the clients' devices.
  ///   - deadline: Modelled time after which an answer is too late.
  ///   - stragglers: What becomes of answers that are too late; dropped by default.
  ///   - measuresAggregationError: Whether each round measures its aggregation error.
  public init(
    method: any FederatedMethod,
    weighting: AggregationWeighting = .examples,
    minimumUpdateCount: Int = 1,
    wire: WireFormats = WireFormats(),
    network: NetworkModel? = nil,
    devices: DeviceModel? = nil,
    deadline: Duration? = nil,
    stragglers: Stragglers = .drop,
    measuresAggregationError: Bool = true
  ) {
    self.method = method
    self.weighting = weighting
    self.minimumUpdateCount = minimumUpdateCount
    self.wire = wire
    self.network = network
    self.devices = devices
    self.deadline = deadline
    self.stragglers = stragglers
    self.measuresAggregationError = measuresAggregationError
  }

  /// Runs one round.
  ///
  /// - Parameters:
  ///   - plan: Round, stage, cohort and how it trains.
  ///   - state: What the last round left.
  ///   - link: The way to the clients.
  /// - Returns: The new state with costs, losses and events.
  /// - Throws: `FederationError` with code `invalidSetting` or `notSolvable`, and what the link
  ///   throws. A missed quorum, and updates that weigh nothing, are no error: the round is skipped.
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
    let baseByteCounts = link.baseByteCounts
    let downlinks = Dictionary(
      uniqueKeysWithValues: tasks.map { task in
        let shipment = plan.shipments[task.client] ?? Traffic()
        let base = Traffic(baseDown: baseByteCounts[task.client] ?? 0)
        return (task.client, shipment + base + downlink(of: task, from: state))
      }
    )
    var intake = RoundIntake(
      tasks,
      downlinks: downlinks,
      late: state.late,
      isRounded: link.sendsDifferences && wire.up.isDifference,
      of: self
    )
    for outcome in outcomes { intake.receive(outcome) }
    var meters = self.meters(of: intake)
    var (updates, skipReason): (WeightedUpdates?, FederationError?)
    do throws(FederationError) {
      updates = try WeightedUpdates(
        intake.close(after: meters.roundTime),
        weighting: weighting,
        lateness: intake.lateness
      )
    } catch {
      skipReason = error
    }
    let nextState = try updates.map { try method.combine($0, into: state) }
    meters.serverTime = ContinuousClock.now - arrival
    var newState = nextState.map { known($0, after: plan.round, intake) } ?? state
    newState.late = intake.late.waiting
    return RoundOutcome(
      state: newState,
      skipReason: skipReason,
      meters: meters,
      reports: intake.reports,
      layers: intake.tasks.compactMapValues(\.layers),
      loss: updates?.loss,
      aggregationErrors: errors(of: updates, combinedInto: nextState),
      lateness: intake.lateness,
      rejected: intake.rejected,
      failures: intake.failures
    )
  }

  /// The state that knows what the clients hold now, where that differs from client to client.
  private func known(
    _ state: FederatedState,
    after round: Int,
    _ intake: RoundIntake
  ) -> FederatedState {
    let answered = intake.tasks.values.filter { intake.reports[$0.client] != nil }
    guard answered.contains(where: { $0.layers != nil }) else { return state }
    return LayerHoldings(state).after(round: round, answered)
  }

  /// Measured beside the server's time: the run could do without.
  private func errors(
    of updates: WeightedUpdates?,
    combinedInto state: FederatedState?
  ) -> [AggregationError] {
    guard measuresAggregationError, let updates, let state else { return [] }
    return method.aggregationErrors(of: updates, combinedInto: state)
  }

  private func tasks(of plan: RoundPlan, from state: FederatedState) -> [ClientTask] {
    plan.cohort.sorted().map { client in
      let place = plan.place(of: client)
      let layers = method.layers(of: client, at: place, in: state)
      let start = method.start(of: client, in: state)
      let sent = layers?.present(of: start) ?? start
      let held =
        plan.reference.isEmpty ? [] : layers?.present(of: plan.reference) ?? plan.reference
      return ClientTask(
        client: client,
        stage: plan.stage,
        place: place,
        layers: layers,
        untouchedLayers: layers.map { LayerHoldings(state).untouched($0, of: client) } ?? [],
        adapter: travelled(sent, .down, at: place, against: held),
        difference: wire.down.isDifference
          ? AdapterDifference(adapter: sent, reference: held) : nil,
        auxiliary: received(method.auxiliary(in: state, at: place), .down),
        kept: state.personal[client] ?? [],
        bank: state.bank.layers,
        training: plan.training
      )
    }
  }
}
