import DevFTTensor

/// Takes in the outcomes of one round: keeps the good updates and notes the rest.
struct RoundIntake {
  /// The round's tasks by client.
  let tasks: [Int: ClientTask]
  /// Updates that did not count, in the order of arrival until closed, then by client.
  private(set) var rejected: [RejectedUpdate] = []
  /// Clients that sent none.
  private(set) var failures: [ClientFailure] = []
  /// Bytes that each client got.
  private let downlinks: [Int: Traffic]
  /// Bytes each client sent, accepted or not.
  private(set) var uplinks: [Int: Traffic] = [:]

  /// Reports of clients whose answers came too late: their work was done.
  private(set) var lateReports: [Int: TrainingReport] = [:]

  private let federation: Federation
  private var accepted: [Int: ClientUpdate] = [:]
  private var machine: RoundStateMachine
  /// Stands in for the place of a client that nobody asked.
  private let anyPlace: TaskPlace

  /// Opens a round.
  ///
  /// - Parameters:
  ///   - tasks: One a client of the cohort, all of one round.
  ///   - downlinks: Bytes that each client got.
  ///   - federation: The server that runs the round.
  init(_ tasks: [ClientTask], downlinks: [Int: Traffic], of federation: Federation) {
    self.federation = federation
    self.downlinks = downlinks
    self.tasks = Dictionary(uniqueKeysWithValues: tasks.map { ($0.client, $0) })
    machine = RoundStateMachine(
      round: tasks[0].round,
      cohort: Set(tasks.map(\.client)),
      quorum: federation.minimumUpdateCount
    )
    anyPlace = tasks[0].place
    machine.open()
  }

  /// The accepted clients' reports.
  var reports: [Int: TrainingReport] { accepted.mapValues(\.report) }

  /// What a client's part of the round cost.
  func meters(of client: Int) -> ClientMeters {
    let report = accepted[client]?.report ?? lateReports[client]
    return ClientMeters(
      traffic: traffic(of: client),
      computeTime: report?.computeTime ?? .zero,
      operationCount: report?.operationCount ?? 0,
      peakByteCount: report?.peakByteCount ?? 0
    )
  }

  private func traffic(of client: Int) -> Traffic {
    (downlinks[client] ?? Traffic()) + (uplinks[client] ?? Traffic())
  }

  /// Takes in one outcome.
  ///
  /// - Parameter outcome: What became of a task.
  mutating func receive(_ outcome: ClientOutcome) {
    switch outcome {
    case .failure(let failure): failures.append(failure)
    case .update(var update):
      let place = tasks[update.client]?.place ?? anyPlace
      let sent = federation.uplink(of: update, at: place)
      uplinks[update.client] = (uplinks[update.client] ?? Traffic()) + sent
      update.adapter = federation.travelled(
        update.adapter,
        .up,
        at: place,
        against: tasks[update.client]?.trainedAdapter ?? []
      )
      update.auxiliary = federation.received(update.auxiliary, .up)
      do throws(RejectedUpdate) {
        try accept(update)
      } catch {
        rejected.append(error)
      }
    }
  }

  /// Keeps an update, unless it is damaged, late, unasked for or a second one.
  private mutating func accept(_ update: ClientUpdate) throws(RejectedUpdate) {
    var update = update
    // A damaged update must not count for the quorum, so its contents are looked at first.
    if let task = tasks[update.client], task.round == update.round {
      try UpdateCheck(task, by: federation.method).check(update)
      if let layers = task.layers { update.adapter = layers.spread(update.adapter) }
      try checkTime(of: update)
    }
    switch machine.receive(client: update.client, round: update.round) {
    case .wait, .aggregate: accepted[update.client] = update
    case .ignoreDuplicate: throw rejection(of: update, .duplicate)
    case .reject(let reason): throw rejection(of: update, reason)
    }
  }

  /// Refuses an answer whose modelled time is past the deadline; its work was done all the same.
  private mutating func checkTime(of update: ClientUpdate) throws(RejectedUpdate) {
    guard let deadline = federation.deadline,
      let time = federation.modelledTime(
        of: update.report.operationCount,
        traffic(of: update.client),
        client: update.client
      ), time > deadline
    else { return }
    lateReports[update.client] = update.report
    let (seconds, most) = (time.inSeconds, deadline.inSeconds)
    throw RejectedUpdate(
      client: update.client,
      reason: .late,
      message: "expected an answer within \(most) s of modelled time, got it after \(seconds) s"
    )
  }

  private func rejection(
    of update: ClientUpdate,
    _ reason: RejectedUpdate.Reason
  ) -> RejectedUpdate {
    let message =
      switch reason {
      case .wrongRound: "the update answers round \(update.round)"
      case .notInCohort: "the client is not of this round's cohort"
      case .duplicate: "the client's first update counts, this is another"
      default: "the round is not open"
      }
    return RejectedUpdate(client: update.client, reason: reason, message: message)
  }

  /// Closes the round.
  ///
  /// - Returns: The accepted updates.
  /// - Throws: `FederationError` with code `quorumMissed` and the first reason for it.
  mutating func close() throws(FederationError) -> [ClientUpdate] {
    failures.sort { ($0.client, $0.reason) < ($1.client, $1.reason) }
    rejected.sort { ($0.client, $0.reason.rawValue) < ($1.client, $1.reason.rawValue) }
    do throws(FederationError) {
      try machine.close()
    } catch {
      guard let reason = failures.first?.description ?? rejected.first?.description else {
        throw error
      }
      throw FederationError(error.code, "\(error.message); \(reason)")
    }
    return Array(accepted.values)
  }
}
