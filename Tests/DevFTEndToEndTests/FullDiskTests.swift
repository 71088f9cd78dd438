import Foundation
import Testing
import _DevFTTestSupport

@Suite("A disk that fills up leaves whole files only")
struct FullDiskTests {
  /// Files below a directory, none when it is not there.
  private func files(in directory: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    return all.filter { name in
      var isDirectory: ObjCBool = false
      let path = "\(directory)/\(name)"
      return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }.sorted()
  }

  @Test("devft eval")
  func evaluation() async throws {
    let scratch = try ScratchDirectory()
    let data = TinyChat.directory.deletingLastPathComponent().appendingPathComponent("evaluation")
    let outcome = try await Devft.run(
      [
        "eval", "--model", TinyChat.model, "--tasks", "mmlu", "--data-dir", data.path, "--out",
        scratch.path("out"),
      ],
      fileSizeLimit: 1
    )
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.lastErrorLine.contains(scratch.path("out/samples/mmlu.jsonl")))
    #expect(outcome.lastErrorLine.contains("File too large"))
    #expect(files(in: scratch.url.path).filter { $0.hasPrefix("out") }.isEmpty)
  }

  @Test("devft train")
  func training() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.run(
      [
        "train", "--model", TinyChat.model, "--data", TinyChat.train, "--steps", "1", "--out",
        scratch.path("adapter"),
      ],
      fileSizeLimit: 8
    )
    #expect(outcome.status == 1)
    #expect(outcome.lastErrorLine.contains("\(scratch.path("adapter")): cannot be written"))
    #expect(files(in: scratch.url.path).isEmpty)
  }

  @Test("devft simulate, which then goes on to the bytes of a run that nothing disturbed")
  func simulation() async throws {
    let run = try TinyRun()
    // Room for the configuration and the records, not for a checkpoint.
    let outcome = try await Devft.run(run.arguments(), fileSizeLimit: 16)
    #expect(outcome.status == 1)
    #expect(outcome.lastErrorLine.contains("cannot be written: File too large"))
    let left = files(in: run.directory)
    #expect(left.contains("config.resolved.yaml") && !left.contains { $0.hasPrefix("best") })
    #expect(!left.contains { $0.contains("/.") || $0.hasPrefix(".") && $0 != ".lock" })
    try await Devft.expectSuccess(["simulate", "--resume", run.directory])
    let whole = try await TinyRun.finished()
    #expect(try run.adapterBytes() == whole.adapterBytes())
    #expect(try run.metrics() == whole.metrics())
  }
}
