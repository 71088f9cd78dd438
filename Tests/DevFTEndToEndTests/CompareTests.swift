import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft compare")
struct CompareTests {
  /// A study that nobody disturbed.
  private static let undisturbed = Task {
    let study = try TinyStudy()
    try await Devft.expectSuccess(study.arguments())
    return study
  }

  private func expectSame(_ study: TinyStudy, sourceLocation: SourceLocation = #_sourceLocation)
    async throws
  {
    let whole = try await Self.undisturbed.value
    #expect(try study.runs() == whole.runs(), sourceLocation: sourceLocation)
    #expect(try study.table() == whole.table(), sourceLocation: sourceLocation)
    for (name, separator) in [("table.md", "|"), ("table.tex", "&")] as [(String, Character)] {
      #expect(
        try study.texts(name, separator: separator) == whole.texts(name, separator: separator),
        sourceLocation: sourceLocation
      )
    }
  }

  @Test("leaves tables, a page and a report a run; a second call runs nothing")
  func whole() async throws {
    let study = try TinyStudy()
    let first = try await Devft.expectSuccess(study.arguments())
    #expect(first.errors.contains("FedIT, seed 1: starts"))
    #expect(first.errors.contains("DevFT, seed 2: finished"))
    #expect(try study.runs().count == 4)
    let table = try study.table()
    #expect(table.map { $0[0] } == ["cell", "FedIT", "DevFT"])
    #expect(table.dropFirst().allSatisfy { $0[1] == "2" && $0[2] == "2" })
    let page = try study.text("index.html")
    for run in try study.runs() {
      #expect(page.contains("runs/\(run)/report.html"))
      #expect(try study.text("runs/\(run)/report.html").hasPrefix("<!doctype html>"))
    }
    #expect(try study.text("table.md").contains("exact match"))
    let files = ["table.csv", "table.md", "table.tex", "index.html"]
    let before = try files.map(study.text)
    let second = try await Devft.expectSuccess(study.arguments())
    #expect(
      second.errors.split(separator: "\n").allSatisfy { $0.hasSuffix("found the finished run") }
    )
    #expect(try files.map(study.text) == before)
    let list = try await Devft.expectSuccess(study.arguments() + ["--list"])
    #expect(list.lines.dropFirst().allSatisfy { $0.contains("finished") } && list.lines.count == 5)
    try await expectSame(study)
  }

  /// Does something where other tests' work does not keep it waiting.
  private func onOwnThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        body()
        continuation.resume()
      }
    }
  }

  @Test("killed in the middle and run again: the same tables", arguments: [2, 9, 17])
  func killed(rounds: Int) async throws {
    let study = try TinyStudy()
    let running = try Devft.start(study.arguments())
    await onOwnThread {
      while running.isRunning, study.rounds() < rounds { usleep(1000) }
      running.kill()
    }
    _ = try await running.end()
    try await Devft.expectSuccess(study.arguments())
    try await expectSame(study)
  }

  @Test("interrupted: stops its jobs, says so, and goes on later", arguments: [SIGINT, SIGTERM])
  func interrupted(signal: Int32) async throws {
    let study = try TinyStudy()
    let running = try Devft.start(study.arguments(jobs: 1))
    await onOwnThread {
      while running.isRunning, study.rounds() < 3 { usleep(1000) }
      // A key on a terminal reaches the jobs as well, and may end them first.
      let jobs = signal == SIGINT ? Devft.children(of: running) : []
      running.send(signal)
      for job in jobs { _ = kill(job, signal) }
    }
    let outcome = try await running.end()
    #expect(outcome.status == 128 + signal)
    #expect(outcome.lastErrorLine == "stopped; the same command goes on")
    let rounds = study.rounds()
    let list = try await Devft.expectSuccess(study.arguments() + ["--list"])
    #expect(list.output.contains("missing") && !list.output.contains("failed"))
    // Nothing runs on behind its back.
    #expect(study.rounds() == rounds)
    try await Devft.expectSuccess(study.arguments())
    try await expectSame(study)
  }

  @Test("a seed or a cell more runs what is new, a renamed cell nothing")
  func more() async throws {
    let study = try TinyStudy()
    try await Devft.expectSuccess(study.arguments(seeds: "[1]"))
    let one = try study.runs()
    let added = try await Devft.expectSuccess(study.arguments(seeds: "[1, 2]"))
    #expect(added.errors.split(separator: "\n").count { $0.hasSuffix("starts") } == 2)
    #expect(Set(one).isSubset(of: try study.runs()))
    try await expectSame(study)
    let cells = ["{ name: FedIT }", "{ name: staged, set: { stages.capacities: [2, 3, 6] } }"]
    let renamed = try await Devft.expectSuccess(study.arguments(cells: cells))
    #expect(!renamed.errors.contains("starts"))
    #expect(try study.table()[2][0] == "staged")
  }

  @Test("settings tuned by a seed of their own: each cell takes its best, the choice is shown")
  func tuned() async throws {
    let study = try TinyStudy()
    let grid = """
      tune:
        seed: 9
        over:
          - { name: slow, set: { local.learning_rate: 1e-4, local.final_learning_rate: 1e-5 } }
          - { name: fast, set: { local.learning_rate: 2e-2, local.final_learning_rate: 2e-3 } }
      """
    let outcome = try await Devft.expectSuccess(study.arguments(seeds: "[1]", further: grid))
    #expect(outcome.errors.contains("FedIT, slow, seed 9: starts"))
    #expect(try study.runs().count == 6)
    let table = try study.text("table.md")
    #expect(table.contains("final loss, seed 9 | slow | fast"))
    #expect(try study.text("index.html").contains("<h2>Tuning</h2>"))
    for cell in ["fedit", "devft"] {
      let run = try #require(try study.runs().first { $0.hasPrefix("\(cell)-seed-1-") })
      let configuration = try study.text("runs/\(run)/config.resolved.yaml")
      #expect(configuration.contains("learning_rate: 0.02"))
    }
  }

  @Test("a failing cell is listed, does not stop the others, and makes the status 1")
  func failing() async throws {
    let study = try TinyStudy()
    let cells = [TinyStudy.broken] + TinyStudy.cells
    for _ in 1...2 {
      let outcome = try await Devft.run(study.arguments(cells: cells))
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("broken, seed 1: failed: capacities: expected growing"))
      #expect(try study.table().map { $0[2] } == ["finished", "0", "2", "2"])
      let page = try study.text("index.html")
      #expect(page.contains("<h2>Failures</h2>") && page.contains("capacities: expected growing"))
    }
  }

  @Test(
    "bad input is one line",
    arguments: [
      (["nowhere.yaml"], "expected a configuration file"),
      (["--jobs", "0"], "--jobs: expected at least 1, got 0"),
      (["--budget", "tiny"], "unknown budget; the study has none"),
    ]
  )
  func refusals(arguments: [String], message: String) async throws {
    let study = try TinyStudy()
    let whole = try study.arguments()
    let isFile = arguments.count == 1
    let outcome = try await Devft.run(isFile ? ["compare"] + arguments : whole + arguments)
    #expect(outcome.status != 0)
    #expect(outcome.lastErrorLine.contains(message), "\(outcome.errors)")
    #expect(try study.runs().isEmpty)
  }

  @Test("two at once in one directory: the second is refused")
  func twice() async throws {
    let study = try TinyStudy()
    let running = try Devft.start(study.arguments())
    while running.isRunning, study.rounds() < 1 { try await Task.sleep(for: .milliseconds(1)) }
    let second = try Devft.start(study.arguments())
    let outcome = try await second.end()
    #expect(try await running.end().status == 0)
    if outcome.status != 0 { #expect(outcome.lastErrorLine.contains("another process")) }
    try await expectSame(study)
  }
}
