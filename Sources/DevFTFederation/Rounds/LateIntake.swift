/// The answers to earlier rounds: those that are still on their way, and those that come in this one.
struct LateIntake {
  /// Those that later rounds have to look at.
  private(set) var waiting: [LateUpdate]
  /// Those that the round itself makes late.
  private var new: [LateUpdate] = []
  private var arrived: [LateUpdate] = []
  /// Clients whose late answers came over the wire in this round.
  private(set) var senders: Set<Int> = []

  /// Starts a round.
  ///
  /// - Parameter waiting: What earlier rounds have left.
  init(_ waiting: [LateUpdate]) { self.waiting = waiting }

  /// Modelled time for which a client goes on with what it was asked before.
  func busyTime(of client: Int) -> Duration {
    waiting.filter { $0.update.client == client }.map(\.timeLeft).max() ?? .zero
  }

  /// Notes an answer to this round that a later one will get.
  mutating func postpone(_ update: LateUpdate) { new.append(update) }

  /// Takes in an answer to an earlier round.
  mutating func receive(_ update: LateUpdate) {
    senders.insert(update.update.client)
    arrived.append(update)
  }

  /// Lets the round's time pass: what comes within it is here at its end.
  ///
  /// - Parameter time: Modelled time of the round; `nil` where none is modelled.
  mutating func pass(_ time: Duration?) {
    let time = time ?? .zero
    arrived += waiting.filter { $0.timeLeft <= time }
    waiting = waiting.filter { $0.timeLeft > time }
    for index in waiting.indices { waiting[index].timeLeft -= time }
    waiting += new
    waiting.sort(by: Self.isBefore)
    arrived.sort(by: Self.isBefore)
  }

  private static func isBefore(_ first: LateUpdate, _ second: LateUpdate) -> Bool {
    (first.update.client, first.update.round) < (second.update.client, second.update.round)
  }

  /// Keeps for the next round what came in one that is skipped.
  mutating func keep() {
    for var update in arrived {
      update.timeLeft = .zero
      waiting.append(update)
    }
    waiting.sort(by: Self.isBefore)
    arrived = []
  }

  /// Hands out what came: at most one update a client, its newest.
  ///
  /// - Parameters:
  ///   - stage: The round's stage.
  ///   - answered: Clients whose answers to the round itself count.
  /// - Returns: Updates to combine, by client, and those that do not count.
  mutating func close(
    stage: Int,
    answered: Set<Int>
  ) -> (used: [ClientUpdate], rejected: [RejectedUpdate]) {
    var (used, rejected): ([Int: ClientUpdate], [RejectedUpdate]) = ([:], [])
    // The newest of a client comes first.
    for late in arrived.reversed() {
      let (client, round) = (late.update.client, late.update.round)
      func reject(_ reason: RejectedUpdate.Reason, _ message: String) {
        rejected.append(RejectedUpdate(client: client, reason: reason, message: message))
      }
      if late.stage != stage {
        reject(
          .otherStage,
          "the update answers round \(round) of stage \(late.stage), this is stage \(stage)"
        )
      } else if answered.contains(client) || used[client] != nil {
        reject(.superseded, "the update answers round \(round), a newer one of the client counts")
      } else {
        used[client] = late.update
      }
    }
    arrived = []
    return (used.values.sorted { $0.client < $1.client }, rejected)
  }
}
