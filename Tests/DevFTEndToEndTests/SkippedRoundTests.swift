import Foundation
import Testing
import _DevFTTestSupport

@Suite("Rounds without enough updates")
struct SkippedRoundTests {
  /// A rate at which every client's loss stops being a number.
  private static let diverging = ["local.learning_rate=1e300", "local.final_learning_rate=1e300"]

  private func skipped(_ run: TinyRun) throws -> Int {
    try run.metrics().count { $0.keys.contains("skipped") && !$0.keys.contains("loss") }
  }

  @Test("are skipped and counted; after three in a row the run stops with one line")
  func stops() async throws {
    let run = try TinyRun()
    let outcome = try await Devft.run(run.arguments(Self.diverging))
    #expect(outcome.status == 1)
    #expect(
      outcome.lastErrorLine.contains("round 3: 0 of at least 1 updates arrived; client")
        && outcome.lastErrorLine.hasSuffix(
          "3 rounds in a row were skipped, of at most federation.max_skipped_rounds, which is 3"
        )
    )
    #expect(try run.metrics().count == 3 && skipped(run) == 3)
    // Nothing was learnt, but everything was sent down.
    #expect(
      try run.metrics().allSatisfy { $0.withoutMeasurements["failed"]?.contains("client") == true }
    )
    let again = try await Devft.run(["simulate", "--resume", run.directory])
    #expect(again.status == 1 && again.lastErrorLine.contains("4 rounds in a row"))
  }

  @Test("are as many as the configuration allows, down to one", arguments: [1, 7])
  func most(count: Int) async throws {
    let run = try TinyRun()
    let outcome = try await Devft.run(
      run.arguments(Self.diverging + ["federation.max_skipped_rounds=\(count)"])
    )
    #expect(outcome.status == (count == 1 ? 1 : 0), "\(outcome.lastErrorLine)")
    #expect(try skipped(run) == min(count, 6))
    if count == 7 { #expect(outcome.output.contains("skipped rounds 6")) }
  }

  @Test("a client with fewer examples than a batch trains on what it has")
  func fewExamples() async throws {
    let run = try await TinyRun.finished(
      ["local.batch=50", "federation.clients=4", "federation.clients_per_round=4"]
    )
    #expect(try skipped(run) == 0)
    #expect(try run.metrics().allSatisfy { $0.withoutMeasurements["failed"] == "[]" })
  }
}
