/// The life of one round's intake of updates, as a value.
///
/// waiting → open → closed. The round closes by itself when all of the cohort have sent an update, else
/// when its owner gives up on the rest; then it needs the quorum. It does not close at the
/// quorum: which clients counted would depend on who was faster.
package struct RoundStateMachine: Sendable {
  /// What the owner does after an update arrived.
  package enum Arrival: Equatable, Sendable {
    /// Keep it and wait for more.
    case wait
    /// Keep it; it was the last one.
    case aggregate
    /// Drop it: the client's first update counts.
    case ignoreDuplicate
    /// Drop it.
    case reject(RejectedUpdate.Reason)
  }

  private enum State {
    case waiting
    case open(received: Set<Int>)
    case closed(received: Set<Int>)
  }

  private var state = State.waiting
  private let round: Int
  private let cohort: Set<Int>
  private let quorum: Int

  /// Creates a round that has not opened.
  ///
  /// - Parameters:
  ///   - round: Round from 1.
  ///   - cohort: The clients that may send an update.
  ///   - quorum: Fewest updates to go on with, at least 1.
  package init(round: Int, cohort: Set<Int>, quorum: Int) {
    precondition(quorum >= 1, "quorum \(quorum) must be at least 1")
    self.round = round
    self.cohort = cohort
    self.quorum = quorum
  }

  /// Opens the round; a second call, or one after the end, changes nothing.
  package mutating func open() {
    if case .waiting = state { state = .open(received: []) }
  }

  /// Records an update.
  ///
  /// - Parameters:
  ///   - client: The client it comes from.
  ///   - answered: The round it answers.
  /// - Returns: What to do with it.
  package mutating func receive(client: Int, round answered: Int) -> Arrival {
    guard cohort.contains(client) else { return .reject(.notInCohort) }
    guard answered == round else { return .reject(.wrongRound) }
    switch state {
    case .waiting:
      return .reject(.roundNotOpen)
    case .closed(let received):
      return received.contains(client) ? .ignoreDuplicate : .reject(.roundNotOpen)
    case .open(var received):
      guard received.insert(client).inserted else { return .ignoreDuplicate }
      let isComplete = received.count == cohort.count
      state = isComplete ? .closed(received: received) : .open(received: received)
      return isComplete ? .aggregate : .wait
    }
  }

  /// Closes the round; a second call gives the same answer.
  ///
  /// - Throws: `FederationError` with code `quorumMissed`.
  package mutating func close() throws(FederationError) {
    if case .open(let received) = state { state = .closed(received: received) }
    let count = if case .closed(let received) = state { received.count } else { 0 }
    guard count >= quorum else {
      throw FederationError(
        .quorumMissed,
        "round \(round): \(count) of at least \(quorum) updates arrived"
      )
    }
  }
}
