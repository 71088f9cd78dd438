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

  /// Answers to earlier rounds.
  private(set) var late: LateIntake
  /// Rounds that those which count were late, by client.
  private(set) var lateness: [Int: Int] = [:]

  private let federation: Federation
  /// Whether the link hands over numbers as the wire's format leaves them.
  private let isRounded: Bool
  private var accepted: [Int: ClientUpdate] = [:]
  private var machine: RoundStateMachine
  /// Stands in for the place of a client that nobody asked.
  private let anyPlace: TaskPlace
  private let stage: Int
  private var round: Int { anyPlace.round }

  /// Opens a round.
  ///
  /// - Parameters:
  ///   - tasks: One a client of the cohort, all of one round.
  ///   - downlinks: Bytes that each client got.
  ///   - late: Answers to earlier rounds that are on their way.
  ///   - isRounded: Whether the link hands over numbers as the wire's format leaves them.
  ///   - federation: The server that runs the round.
  init(
    _ tasks: [ClientTask],
    downlinks: [Int: Traffic],
    late: [LateUpdate] = [],
    isRounded: Bool = false,
    of federation: Federation
  ) {
    self.federation = federation
    self.late = LateIntake(late)
    self.isRounded = isRounded
    self.downlinks = downlinks
    self.tasks = Dictionary(uniqueKeysWithValues: tasks.map { ($0.client, $0) })
    machine = RoundStateMachine(
      round: tasks[0].round,
      cohort: Set(tasks.map(\.client)),
      quorum: federation.minimumUpdateCount
    )
    (anyPlace, stage) = (tasks[0].place, tasks[0].stage)
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
    case .update(let update):
      let update = travelled(update, tasks[update.client])
      note { (intake) throws(RejectedUpdate) in try intake.accept(update) }
    case .late(let update, let task):
      let update = travelled(update, task)
      note { (intake) throws(RejectedUpdate) in try intake.acceptLate(update, task) }
    }
  }

  /// Counts an update's bytes, and leaves of its numbers what the wire does.
  private mutating func travelled(_ update: ClientUpdate, _ task: ClientTask?) -> ClientUpdate {
    let place = task?.place ?? anyPlace
    let sent = federation.uplink(of: update, at: place)
    uplinks[update.client] = (uplinks[update.client] ?? Traffic()) + sent
    guard !isRounded else { return update }
    var update = update
    update.adapter = federation.travelled(
      update.adapter,
      .up,
      at: place,
      against: task?.trainedAdapter ?? []
    )
    update.auxiliary = federation.received(update.auxiliary, .up)
    return update
  }

  private mutating func note(
    _ acceptance: (_ intake: inout RoundIntake) throws(RejectedUpdate) -> Void
  ) {
    do throws(RejectedUpdate) {
      try acceptance(&self)
    } catch {
      rejected.append(error)
    }
  }

  /// Keeps an answer to an earlier round, where such answers are used.
  private mutating func acceptLate(
    _ update: ClientUpdate,
    _ task: ClientTask
  ) throws(RejectedUpdate) {
    guard federation.stragglers == .stale, update.round == task.round else {
      throw rejection(of: update, .wrongRound)
    }
    try UpdateCheck(task, by: federation.method).check(update)
    late.receive(LateUpdate(update, stage: task.stage))
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
      let own = federation.modelledTime(
        of: update.report.operationCount,
        traffic(of: update.client),
        client: update.client
      )
    else { return }
    let time = own + late.busyTime(of: update.client)
    guard time > deadline else { return }
    // A second answer of a client is refused, but only the first is on its way.
    if federation.stragglers == .stale, lateReports[update.client] == nil {
      let stage = tasks[update.client]?.stage ?? 0
      late.postpone(LateUpdate(update, stage: stage, timeLeft: time - deadline))
    }
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

  /// Closes the round: by its own answers alone, to which late ones are added.
  ///
  /// - Parameter time: Modelled time of the round; `nil` where none is modelled.
  /// - Returns: The accepted updates.
  /// - Throws: `FederationError` with code `quorumMissed` and the first reason for it.
  mutating func close(after time: Duration?) throws(FederationError) -> [ClientUpdate] {
    late.pass(time)
    do throws(FederationError) {
      try closeOwn()
    } catch {
      late.keep()
      throw error
    }
    let (used, refused) = late.close(stage: stage, answered: Set(accepted.keys))
    rejected += refused
    rejected.sort(by: Self.isBefore)
    for update in used { lateness[update.client] = round - update.round }
    return accepted.values + used
  }

  private static func isBefore(_ first: RejectedUpdate, _ second: RejectedUpdate) -> Bool {
    (first.client, first.reason.rawValue, first.message)
      < (second.client, second.reason.rawValue, second.message)
  }

  private mutating func closeOwn() throws(FederationError) {
    failures.sort { ($0.client, $0.reason) < ($1.client, $1.reason) }
    rejected.sort(by: Self.isBefore)
    do throws(FederationError) {
      try machine.close()
    } catch {
      guard let reason = failures.first?.description ?? rejected.first?.description else {
        throw error
      }
      throw FederationError(error.code, "\(error.message); \(reason)")
    }
  }
}
