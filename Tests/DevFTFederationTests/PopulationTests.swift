import DevFTFederation
import Foundation
import Testing
import _DevFTTestSupport

@Suite("A large population")
struct PopulationTests {
  /// Resident size of this process, in bytes.
  private var residentByteCount: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// Half a second on two cores; other tests run beside it.
  @Test("of 10,000 clients: 100 rounds in less than a minute, in less than 300 MB more")
  func rounds() throws {
    let clock = ContinuousClock()
    let (start, before) = (clock.now, residentByteCount)
    let partition = try Partition(.iid, exampleCount: 100_000, clientCount: 10_000, seed: 7)
    let cohorts = try CohortSampling(populationCount: 10_000, cohortCount: 10, seed: 7)
    let federation = Federation(
      method: FedIT(),
      weighting: .examples,
      minimumUpdateCount: 1,
      network: try NetworkModel(uplinkMbps: 10, downlinkMbps: 50)
    )
    let link = InProcessLink(
      workerCount: 2,
      trainer: NoOpTrainer { partition.clients[$0].examples.count }
    )
    var state = FederatedState(global: fixedAdapter())
    for round in 1...100 {
      let cohort = cohorts.cohort(round: round)
      let plan = plan(round: round, cohort: cohort)
      let outcome = try federation.runRound(plan, from: state, over: link)
      #expect(outcome.meters.clients.count == 10)
      state = outcome.state
    }
    #expect(state.personal.isEmpty)
    #expect(clock.now - start < .seconds(60))
    #expect(residentByteCount - before < 300_000_000)
  }
}
