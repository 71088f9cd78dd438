import DevFTFederation
import Testing
import _DevFTTestSupport

@Suite("Clients that do not answer")
struct DropoutTests {
  private let cohort = Array(10..<30)

  @Test("are as many as the rate says, and the same for the same seed and round")
  func rate() {
    let schedule = DropoutSchedule(rate: 0.25, minimumCount: 1, seed: 7)
    let counts = (1...500).map { schedule.dropped(from: cohort, round: $0).count }
    #expect(abs(Double(counts.reduce(0, +)) / 10_000 - 0.25) < 0.02)
    #expect(schedule.dropped(from: cohort, round: 3) == schedule.dropped(from: cohort, round: 3))
    #expect(schedule.dropped(from: cohort, round: 3) != schedule.dropped(from: cohort, round: 4))
    let none = DropoutSchedule(rate: 0, minimumCount: 0, seed: 7)
    #expect(none.dropped(from: cohort, round: 1).isEmpty)
  }

  @Test("never leave fewer than the quorum", arguments: [0, 1, 5, 20, 25])
  func quorum(minimum: Int) {
    let schedule = DropoutSchedule(rate: 0.99, minimumCount: minimum, seed: 1)
    for round in 1...50 {
      let left = cohort.count - schedule.dropped(from: cohort, round: round).count
      #expect(left >= min(minimum, cohort.count))
    }
  }

  @Test("count as failed, and the round goes on without them")
  func round() throws {
    let link = InProcessLink(
      workerCount: 2,
      trainer: DroppingTrainer(NoOpTrainer()) { client, round in client == 2 && round == 1 }
    )
    let federation = Federation(
      method: FedIT(),
      weighting: .examples,
      minimumUpdateCount: 1,
      network: try NetworkModel(uplinkMbps: 10, downlinkMbps: 50)
    )
    let state = FederatedState(global: fixedAdapter())
    let outcome = try federation.runRound(plan(cohort: [1, 2, 3]), from: state, over: link)
    #expect(outcome.failures.map(\.client) == [2])
    let without = try federation.runRound(plan(cohort: [1, 3]), from: state, over: link)
    #expect(bits(outcome.state.global) == bits(without.state.global))
  }
}
