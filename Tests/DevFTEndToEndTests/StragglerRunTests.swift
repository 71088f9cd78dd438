import Foundation
import Testing
import _DevFTTestSupport

@Suite("Runs with slow devices whose late answers count")
struct StragglerRunTests {
  /// One stage, devices of which some are slower than the deadline.
  private static let settings = [
    "devices.gigaflops=0.01", "devices.slow_share=0.5", "devices.slow_factor=1.6",
    "devices.deadline=12.5", "federation.clients_per_round=3", "federation.rounds=8",
  ]
  private static let stale = settings + ["federation.stragglers=stale"]

  private static let undisturbed = Task { try await TinyRun.finished(stages: "null", stale) }

  @Test("end in the same bytes, whatever the number of workers")
  func sameBytes() async throws {
    let whole = try await Self.undisturbed.value
    let other = try await TinyRun.finished(stages: "null", Self.stale + ["federation.workers=3"])
    #expect(try other.adapterBytes() == whole.adapterBytes())
    #expect(try other.metrics() == whole.metrics())
    let lateness = try whole.metrics().map { $0.withoutMeasurements["lateness"] }
    #expect(lateness.contains { $0?.contains(":1") == true } && lateness[0] == nil)
    #expect(
      try whole.metrics().contains {
        $0.withoutMeasurements["rejected"]?.contains("s of modelled time, got it after") == true
      }
    )
  }

  @Test("end otherwise than those that drop them")
  func dropped() async throws {
    let whole = try await Self.undisturbed.value
    let other = try await TinyRun.finished(stages: "null", Self.settings)
    #expect(try other.adapterBytes() != whole.adapterBytes())
    #expect(try other.metrics().allSatisfy { !$0.keys.contains("lateness") })
  }

  @Test("that are killed go on with the answers that were on their way", arguments: [2, 5])
  func killed(count: Int) async throws {
    let whole = try await Self.undisturbed.value
    let run = try TinyRun(stages: "null")
    let running = try Devft.start(run.arguments(Self.stale))
    while running.isRunning, try run.metrics().count < count {
      try await Task.sleep(for: .milliseconds(1))
    }
    running.kill()
    _ = try await running.end()
    try await Devft.expectSuccess(["simulate", "--resume", run.directory])
    #expect(try run.adapterBytes() == whole.adapterBytes())
    #expect(try run.metrics() == whole.metrics())
  }

  @Test("refuse in a stage what answers the one before", arguments: ["fedit", "fedswa"])
  func stages(method: String) async throws {
    let run = try await TinyRun.finished(
      stages: "{ construction: paper, capacities: [2, 6] }",
      Self.stale + [
        "federation.method=\(method)", "devices.slow_factor=4", "devices.deadline=13",
      ]
    )
    let first = try #require(try run.metrics().first { $0.number("stage") == 2 })
    let expected = "the update answers round 4 of stage 1, this is stage 2"
    #expect(first.withoutMeasurements["rejected"]?.contains(expected) == true)
    #expect(!first.keys.contains("lateness"))
  }

  @Test("are refused with a method whose state belongs to the newest round")
  func refused() async throws {
    let run = try TinyRun(stages: "null")
    let outcome = try await Devft.run(run.arguments(Self.stale + ["federation.method=scaffold"]))
    #expect(outcome.status == 1)
    #expect(
      outcome.lastErrorLine.contains(
        "federation.stragglers: method scaffold cannot have this: a client's control variate"
      ),
      "\(outcome.lastErrorLine)"
    )
  }
}
