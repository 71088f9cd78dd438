import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTFederation

@Suite("Answers that come after their round")
struct StragglerTests {
  /// A link whose clients take a modelled time of their own, and which hands over late answers of its own.
  private struct TimedLink: ServerLink {
    /// Seconds by client.
    var seconds: [Int: Double]
    var late: [ClientOutcome] = []

    func perform(_ tasks: [ClientTask]) -> [ClientOutcome] {
      late + tasks.map { .update(answer(to: $0)) }
    }

    func answer(to task: ClientTask) -> ClientUpdate {
      var update = fixedUpdate(
        client: task.client,
        adapter: fixedAdapter(phase: Double(task.client) + 0.3 * Double(task.round)),
        round: task.round
      )
      update.report.operationCount = (seconds[task.client] ?? 1) * 1e9
      return update
    }
  }

  private static func federation(
    _ stragglers: Stragglers = .stale,
    quorum: Int = 1,
    isModelled: Bool = true
  ) -> Federation {
    Federation(
      method: FedIT(),
      minimumUpdateCount: quorum,
      devices: isModelled
        ? DeviceModel(operationsPerSecond: 1e9, slowShare: 0, slowFactor: 1, seed: 1) : nil,
      deadline: isModelled ? .seconds(2) : nil,
      stragglers: stragglers
    )
  }

  private static let start = FederatedState(global: fixedAdapter(phase: 8))

  /// Two rounds: in the first client 1 is a second late.
  private func secondRound(
    _ cohort: [Int],
    seconds: [Int: Double] = [0: 1.5, 1: 3],
    stage: Int = 1,
    quorum: Int = 1
  ) throws -> RoundOutcome {
    let federation = Self.federation(quorum: quorum)
    let first = try Self.federation().runRound(
      plan(cohort: [0, 1]),
      from: Self.start,
      over: TimedLink(seconds: [0: 1.5, 1: 3])
    )
    #expect(first.rejected.map(\.reason) == [.late] && first.lateness.isEmpty)
    #expect(first.state.late.map(\.timeLeft) == [.seconds(1)])
    var next = plan(round: 2, cohort: cohort)
    next.stage = stage
    return try federation.runRound(next, from: first.state, over: TimedLink(seconds: seconds))
  }

  @Test("weigh 1 / sqrt(1 + rounds late)")
  func weights() {
    let expected = [1, 0.7071067811865475, 0.5773502691896258, 0.5]
    for (rounds, weight) in expected.enumerated() {
      #expect(abs(Stragglers.staleness(ofLateness: rounds) - weight) < 1e-15)
    }
  }

  @Test("count in the round in which they come, for less")
  func used() throws {
    let outcome = try secondRound([0])
    #expect(outcome.lateness == [1: 1] && outcome.rejected.isEmpty && outcome.state.late.isEmpty)
    // Client 0 has 3 examples, client 1 has 4; the one answers round 2, the other round 1.
    let (own, late) = (fixedAdapter(phase: 0.6), fixedAdapter(phase: 1.3))
    let weight = 4 * 0.7071067811865475
    for layer in own.indices {
      for name in own[layer].names {
        let numbers = zip(own[layer][name]?.elements ?? [], late[layer][name]?.elements ?? [])
        let expected = numbers.map { Float((3 * Double($0) + weight * Double($1)) / (3 + weight)) }
        let found = outcome.state.global[layer][name]?.elements ?? []
        for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-6) }
        #expect(found.count == expected.count && !found.isEmpty)
      }
    }
  }

  @Test("wait for a round that lasts until they come")
  func early() throws {
    let outcome = try secondRound([0], seconds: [0: 0.25])
    #expect(outcome.lateness.isEmpty && outcome.state.late.map(\.timeLeft) == [.milliseconds(750)])
    #expect(bits(outcome.state.global) == bits(fixedAdapter(phase: 0.6)))
  }

  @Test("keep their client busy, so that it is late again")
  func busy() throws {
    // A second is left of the first task, and the second one takes 1.5.
    let outcome = try secondRound([0, 1], seconds: [0: 2, 1: 1.5])
    #expect(outcome.rejected.map(\.reason) == [.late] && outcome.lateness == [1: 1])
    #expect(outcome.state.late.map(\.timeLeft) == [.milliseconds(500)])
    #expect(outcome.meters.roundTime == .seconds(2))
  }

  @Test("give way to a newer answer of their client")
  func superseded() throws {
    let outcome = try secondRound([0, 1], seconds: [0: 1.5, 1: 0.5])
    #expect(outcome.rejected.map(\.reason) == [.superseded] && outcome.lateness.isEmpty)
    #expect(outcome.reports.keys.sorted() == [0, 1])
  }

  @Test("do not count in another stage")
  func otherStage() throws {
    let outcome = try secondRound([0], stage: 2)
    #expect(outcome.rejected.map(\.reason) == [.otherStage] && outcome.lateness.isEmpty)
    #expect(outcome.rejected[0].message == "the update answers round 1 of stage 1, this is stage 2")
  }

  @Test("make no quorum, and are kept over a round that is skipped")
  func quorum() throws {
    let outcome = try secondRound([0, 2], seconds: [0: 1.5, 2: 9], quorum: 2)
    #expect(outcome.skipReason?.code == .quorumMissed && outcome.lateness.isEmpty)
    #expect(outcome.state.late.map(\.update.client) == [1, 2])
    #expect(outcome.state.late.map(\.timeLeft) == [.zero, .seconds(7)])
    let next = try Self.federation().runRound(
      plan(round: 3, cohort: [0]),
      from: outcome.state,
      over: TimedLink(seconds: [0: 0.1])
    )
    #expect(next.lateness == [1: 2])
  }

  @Test("are dropped and counted where they are not wanted")
  func dropped() throws {
    let late = TimedLink(seconds: [1: 9])
    let outcome = try Self.federation(.drop).runRound(
      plan(cohort: [0, 1]),
      from: Self.start,
      over: late
    )
    #expect(outcome.rejected.map(\.reason) == [.late] && outcome.state.late.isEmpty)
  }

  @Test("come over a wire with the task that they answer, and are checked against it")
  func overWire() throws {
    func outcome(
      _ stragglers: Stragglers,
      _ change: (inout ClientUpdate) -> Void = { _ in }
    ) throws -> RoundOutcome {
      let asked = task(client: 1, round: 2)
      var update = TimedLink(seconds: [:]).answer(to: asked)
      change(&update)
      return try Self.federation(stragglers, isModelled: false).runRound(
        plan(round: 4, cohort: [0, 2]),
        from: Self.start,
        over: TimedLink(seconds: [:], late: [.late(update, of: asked)])
      )
    }
    let used = try outcome(.stale)
    #expect(used.lateness == [1: 2] && used.rejected.isEmpty)
    // Its bytes came in this round.
    #expect(used.meters.clients[1]?.traffic == Traffic(loraUp: 4 * 2 * 57))
    let dropped = try outcome(.drop)
    #expect(dropped.rejected.map(\.reason) == [.wrongRound] && dropped.lateness.isEmpty)
    #expect(dropped.rejected[0].description == "client 1: the update answers round 2")
    let shape = try outcome(.stale) { $0.adapter.removeLast() }
    #expect(shape.rejected.map(\.reason) == [.wrongShape] && shape.lateness.isEmpty)
    let number = try outcome(.stale) { $0.report.loss = .nan }
    #expect(number.rejected.map(\.reason) == [.nonFinite])
    let round = try outcome(.stale) { $0.round = 3 }
    #expect(round.rejected.map(\.reason) == [.wrongRound])
  }

  @Test("are refused by methods whose state belongs to the newest round")
  func methods() {
    let refused = FederatedMethods.all.filter { $0.objection(to: .lateUpdates) != nil }
    #expect(
      Set(refused.map { $0.name }) == [
        "scaffold", "rolora", "fedsa-lora", "hetlora", "flora", "fedex-lora", "local-only",
        "centralised", "progfed", "top-growth", "chainfed", "fedpruner", "random-layers",
        "top-layers", "even-layers",
      ]
    )
  }
}
