import Foundation
import Testing

@testable import DevFTRuntime

@Suite("Identity of a run")
struct StudyIdentityTests {
  private func run(
    cell: String = "a",
    seed: UInt64 = 1,
    data: String? = nil,
    _ change: (inout RunConfiguration) -> Void = { _ in }
  ) -> StudyRun {
    var configuration = RunConfiguration(model: "m", dataPath: "/d")
    change(&configuration)
    return StudyRun(cell: cell, seed: seed, configuration: configuration) { data ?? $0 }
  }

  @Test("is the same for the same configuration, whatever the cell is called")
  func same() {
    #expect(run().identity == run().identity)
    #expect(run(cell: "b").identity == run().identity)
    // The study's seed counts, not the one that the base happens to have.
    #expect(run { $0.seed = 99 }.identity == run().identity)
    #expect(run().identity.count == 64)
  }

  @Test("is another one after any change of configuration, seed or data")
  func other() {
    let others = [
      run(seed: 2), run(data: "changed"), run { $0.lora.rank = 8 },
      run { $0.stages = StagesConfiguration() }, run { $0.data.eval = "/e" },
      run { $0.federation.rounds += 1 }, run { $0.model = "n" },
    ]
    #expect(Set(others.map(\.identity) + [run().identity]).count == others.count + 1)
  }

  @Test("is another one when the model's file is another")
  func model() {
    let configuration = RunConfiguration(model: "m", dataPath: "/d")
    let identities = ["one", "another"].map { model in
      StudyRun(cell: "a", seed: 1, configuration: configuration) { $0 == "m" ? model : $0 }.identity
    }
    #expect(identities[0] != identities[1])
  }

  @Test("ends the name of the run's directory, and finds it under another name")
  func directory() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("devft-study-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = StudyDirectory(folder.path)
    let first = run(cell: "DevFT, β 0.1 / growth × 2")
    #expect(first.directoryName == "devft-0-1-growth-2-seed-1-\(first.identity.prefix(12))")
    #expect(run(cell: "β").directoryName.hasPrefix("cell-seed-1-"))
    #expect(directory.name(of: first) == "runs/" + first.directoryName)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent(directory.name(of: first)),
      withIntermediateDirectories: true
    )
    #expect(directory.name(of: run(cell: "renamed")) == "runs/" + first.directoryName)
    #expect(directory.state(of: first) == .missing)
  }
}
