import DevFTFederation
import Testing

@Suite("State machine of a round")
struct RoundStateMachineTests {
  enum Event {
    case open
    case receive(Int, round: Int = 3, RoundStateMachine.Arrival)
    case close(succeeds: Bool)
  }

  /// Round 3, cohort 2, 5 and 8, quorum 2.
  static let table: [(String, [Event])] = [
    ("before it opens nothing is taken", [.receive(2, .reject(.roundNotOpen))]),
    (
      "the last of the cohort triggers aggregation",
      [
        .open, .receive(5, .wait), .receive(2, .wait), .receive(8, .aggregate),
        .close(succeeds: true),
      ]
    ),
    (
      "the quorum alone does not",
      [
        .open, .receive(5, .wait), .receive(2, .wait), .close(succeeds: true),
      ]
    ),
    (
      "below the quorum it fails, and again when asked again",
      [
        .open, .receive(5, .wait), .close(succeeds: false), .close(succeeds: false),
      ]
    ),
    (
      "a second update of a client is ignored and does not count",
      [
        .open, .receive(5, .wait), .receive(5, .ignoreDuplicate), .close(succeeds: false),
      ]
    ),
    (
      "a stranger is refused and does not count",
      [
        .open, .receive(5, .wait), .receive(4, .reject(.notInCohort)), .close(succeeds: false),
      ]
    ),
    (
      "another round's update is refused, and the right one still taken",
      [
        .open, .receive(5, round: 2, .reject(.wrongRound)),
        .receive(5, round: 4, .reject(.wrongRound)),
        .receive(5, .wait),
      ]
    ),
    (
      "after the end a late client is refused, a repeated one ignored",
      [
        .open, .receive(5, .wait), .receive(8, .wait), .close(succeeds: true),
        .receive(2, .reject(.roundNotOpen)), .receive(8, .ignoreDuplicate), .close(succeeds: true),
      ]
    ),
    (
      "opening twice, or after the end, changes nothing",
      [
        .open, .receive(5, .wait), .open, .receive(5, .ignoreDuplicate), .close(succeeds: false),
        .open, .receive(2, .reject(.roundNotOpen)),
      ]
    ),
    ("a round that never opened misses its quorum", [.close(succeeds: false)]),
  ]

  @Test("transitions", arguments: table)
  func transitions(_ name: String, events: [Event]) {
    var machine = RoundStateMachine(round: 3, cohort: [2, 5, 8], quorum: 2)
    for event in events {
      switch event {
      case .open: machine.open()
      case .receive(let client, let round, let arrival):
        #expect(machine.receive(client: client, round: round) == arrival, "\(name)")
      case .close(let succeeds):
        let error = federationError { try machine.close() }
        #expect(error?.code == (succeeds ? nil : .quorumMissed), "\(name)")
      }
    }
  }

  @Test("the last distinct client triggers aggregation", arguments: 1...4)
  func cohortSizes(count: Int) {
    var machine = RoundStateMachine(round: 1, cohort: Set(0..<count), quorum: 1)
    machine.open()
    for client in 0..<count - 1 { #expect(machine.receive(client: client, round: 1) == .wait) }
    #expect(machine.receive(client: count - 1, round: 1) == .aggregate)
  }
}
