import Foundation
import Testing
import _DevFTTestSupport

@Suite("A killed run goes on to the same bytes")
struct ResumeTests {
  /// What a run that nobody disturbed leaves.
  private static let undisturbed = Task { try await TinyRun.finished() }

  private func resume(_ run: TinyRun) async throws -> Devft.Outcome {
    try await Devft.run(["simulate", "--resume", run.directory])
  }

  private func expectSame(_ run: TinyRun, sourceLocation: SourceLocation = #_sourceLocation)
    async throws
  {
    let whole = try await Self.undisturbed.value
    for name in [
      "adapter/adapter_model.safetensors", "adapter/adapter_config.json",
      "best/adapter_model.safetensors", "config.resolved.yaml", "partition.json", "run.json",
      "stages/1/groups.json", "stages/2/groups.json", "stages/3/groups.json",
      "stages/1/losses.json", "stages/2/losses.json", "stages/3/losses.json", "eval/base.json",
      "checkpoints/round-0006/state.safetensors",
    ] {
      #expect(try run.bytes(name) == whole.bytes(name), "\(name)", sourceLocation: sourceLocation)
    }
    #expect(try run.metrics() == whole.metrics(), sourceLocation: sourceLocation)
  }

  /// Kills a run once so many rounds are on record; it may get a little further meanwhile.
  private func killed(afterRounds count: Int) async throws -> TinyRun {
    for _ in 0..<20 {
      let run = try TinyRun()
      let running = try Devft.start(run.arguments())
      // At zero rounds: as soon as the run can be resumed.
      while running.isRunning,
        try count == 0 ? !run.has("config.resolved.yaml") : run.metrics().count < count
      {
        try await Task.sleep(for: .milliseconds(1))
      }
      running.kill()
      let outcome = try await running.end()
      if outcome.status == -SIGKILL, !run.has("eval/final.json") { return run }
    }
    throw ResumeError.alwaysTooLate
  }

  private enum ResumeError: Error { case alwaysTooLate }

  // Rounds 2 and 4 end a stage.
  @Test("after any number of rounds", arguments: 0...5)
  func rounds(count: Int) async throws {
    let run = try await killed(afterRounds: count)
    let outcome = try await resume(run)
    #expect(outcome.status == 0, "\(outcome.lastErrorLine)")
    try await expectSame(run)
  }

  @Test("killed again and again, at moments that have nothing to do with rounds", arguments: 1...4)
  func again(seed: Int) async throws {
    let run = try TinyRun()
    var arguments = run.arguments()
    // Steps that share no factor with the run's rhythm reach loading, training and writing.
    for attempt in 0..<12 {
      let running = try Devft.start(arguments)
      try await Task.sleep(for: .milliseconds(40 + (attempt * 37 + seed * 53) % 130))
      running.kill()
      let outcome = try await running.end()
      #expect(outcome.status == 0 || outcome.status == -SIGKILL, "\(outcome.lastErrorLine)")
      if run.has("config.resolved.yaml") { arguments = ["simulate", "--resume", run.directory] }
    }
    let outcome = try await Devft.run(arguments)
    #expect(outcome.status == 0, "\(outcome.lastErrorLine)")
    try await expectSame(run)
  }

  @Test("killed between two writes")
  func between() async throws {
    let run = try await killed(afterRounds: 3)
    let manager = FileManager.default
    let checkpoints = "\(run.directory)/checkpoints"
    let newest = try #require(
      try manager.contentsOfDirectory(atPath: checkpoints).filter { $0.hasPrefix("round-") }
        .max()
    )
    // The older checkpoint was not dropped yet, the next one is half written under its other name.
    try manager.copyItem(atPath: "\(checkpoints)/\(newest)", toPath: "\(checkpoints)/round-0001")
    let half = "\(checkpoints)/.round-0009.half"
    try manager.createDirectory(atPath: half, withIntermediateDirectories: true)
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(half)/state.safetensors"))
    // The record of the next round is written before its checkpoint.
    var lines = try run.bytes("metrics.jsonl")
    let last = try #require(lines.split(separator: UInt8(ascii: "\n")).last)
    let round = try #require(Int(newest.dropFirst("round-".count)))
    let next = String(decoding: last, as: UTF8.self)
      .replacing(#/"round":\d+/#, with: "\"round\":\(round + 1)")
    if try run.metrics().count == round { lines += Data((next + "\n").utf8) }
    try lines.write(to: URL(fileURLWithPath: "\(run.directory)/metrics.jsonl"))
    // Of the best adapter only the configuration is there.
    try? manager.removeItem(atPath: "\(run.directory)/best/adapter_model.safetensors")
    let outcome = try await resume(run)
    #expect(outcome.status == 0, "\(outcome.lastErrorLine)")
    try await expectSame(run)
  }

  @Test("a finished run that is resumed ends well and stays as it is")
  func finished() async throws {
    let run = try await TinyRun.finished()
    let outcome = try await resume(run)
    #expect(outcome.status == 0, "\(outcome.lastErrorLine)")
    #expect(outcome.output.contains("held-out loss"))
    try await expectSame(run)
  }

  @Test("with clients that drop out and sizes that follow a power law")
  func uneven() async throws {
    let overrides = [
      "federation.dropout=0.5", "data.partition.kind=power-law", "data.partition.exponent=1.5",
    ]
    let whole = try await TinyRun.finished(overrides)
    let run = try TinyRun()
    let running = try Devft.start(run.arguments(overrides))
    while running.isRunning, try run.metrics().count < 3 {
      try await Task.sleep(for: .milliseconds(1))
    }
    running.kill()
    _ = try await running.end()
    _ = try await Devft.run(["simulate", "--resume", run.directory])
    #expect(try run.adapterBytes() == whole.adapterBytes())
    #expect(try run.metrics() == whole.metrics())
    let failed = try whole.metrics().map { $0.withoutMeasurements["failed"] ?? "" }
    #expect(failed.contains { $0.contains("did not answer") })
  }

  @Test("after the run directory was moved")
  func moved() async throws {
    let run = try await killed(afterRounds: 2)
    let place = run.scratch.path("elsewhere")
    try FileManager.default.moveItem(atPath: run.directory, toPath: place)
    try await Devft.expectSuccess(["simulate", "--resume", place], in: "/")
    try FileManager.default.moveItem(atPath: place, toPath: run.directory)
    try await expectSame(run)
  }

  @Test(
    "or stops with a line that names the file when one of its files is not whole",
    arguments: [
      "partition.json", "run.json", "stages/1/groups.json", "stages/1/losses.json",
      "eval/base.json",
    ]
  )
  func broken(name: String) async throws {
    let run = try await killed(afterRounds: 2)
    let whole = try run.bytes(name)
    let url = URL(fileURLWithPath: "\(run.directory)/\(name)")
    for count in [0, 1, whole.count / 2, whole.count - 3] {
      try whole.prefix(count).write(to: url)
      let outcome = try await resume(run)
      #expect(outcome.status == 1, "\(name) of \(count) bytes: \(outcome.lastErrorLine)")
      #expect(outcome.lastErrorLine.contains(name))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    try whole.write(to: url)
    #expect(try await resume(run).status == 0)
    try await expectSame(run)
  }

  @Test("but not with another model or other data", arguments: ["model", "data", "held-out data"])
  func changed(what: String) async throws {
    let run = try TinyRun()
    let model = try run.scratch.copy(TinyChat.model, to: "model")
    let data = try run.scratch.copy(TinyChat.train, to: "train.jsonl")
    let heldOut = try run.scratch.copy(TinyChat.heldOut, to: "held-out.jsonl")
    try await Devft.expectSuccess(
      run.arguments(["model=\(model)", "data.path=\(data)", "data.eval=\(heldOut)"])
    )
    let file = ["model": "\(model)/config.json", "data": data, "held-out data": heldOut][what]
    let url = URL(fileURLWithPath: try #require(file))
    // One space more: the content is the same, the bytes are not.
    try (Data(contentsOf: url) + Data(" \n".utf8)).write(to: url)
    let outcome = try await resume(run)
    #expect(outcome.status == 1)
    #expect(outcome.lastErrorLine.contains("the \(what) has changed since the run began"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
