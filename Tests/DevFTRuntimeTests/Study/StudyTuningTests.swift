import Testing

@testable import DevFTRuntime

@Suite("Settings chosen from a grid")
struct StudyTuningTests {
  private static let yaml =
    StudyText.base + """
      cells: [{ name: a }, { name: b, set: { lora.rank: 4 } }]
      seeds: [1, 2]
      tune:
        seed: 9
        over:
          - { name: low, set: { local.learning_rate: 1e-4 } }
          - { name: high, set: { local.learning_rate: 1e-2 } }

      """

  @Test("every cell at every point with the tuning seed; no other run before the choice")
  func trials() throws {
    let study = try StudyText.load(Self.yaml)
    let tuning = try #require(study.tuning)
    #expect(study.runs.isEmpty && tuning.trials.count == 4)
    #expect(tuning.trials.map(\.run.seed) == [9, 9, 9, 9])
    #expect(tuning.trials.map(\.run.configuration.local.learningRate) == [1e-4, 1e-2, 1e-4, 1e-2])
    #expect(tuning.trials.map(\.run.configuration.lora.rank) == [32, 32, 4, 4])
    #expect(Set(tuning.trials.map(\.run.identity)).count == 4)
  }

  @Test("each cell takes the point of its lowest loss, the first of equal ones")
  func choice() throws {
    let study = try StudyText.load(Self.yaml)
    let losses = ["a, low": 2.0, "a, high": 1.5, "b, low": 3, "b, high": 3]
    let tuned = study.tuned { losses[$0.cell] }
    #expect(tuned.runs.map(\.cell) == ["a", "a", "b", "b"])
    #expect(tuned.runs.map(\.seed) == [1, 2, 1, 2])
    #expect(tuned.runs.map(\.configuration.local.learningRate) == [1e-2, 1e-2, 1e-4, 1e-4])
    // The same configuration and seed as a run that was written out.
    let written = try #require(study.tuning?.trials[1].run.configuration)
    let run = StudyRun(cell: "x", seed: 1, configuration: written)
    #expect(tuned.runs[0].identity == run.identity)
    let table = try #require(tuned.tuning?.table)
    #expect(table.rows == [["a", "2.0000", "[1.5000]"], ["b", "[3.0000]", "3.0000"]])
  }

  @Test("a cell of which no trial has ended has no runs; a failed trial is not chosen")
  func failures() throws {
    let tuned = try StudyText.load(Self.yaml).tuned { $0.cell == "a, low" ? 2 : nil }
    #expect(tuned.runs.map(\.cell) == ["a", "a"])
    #expect(tuned.runs[0].configuration.local.learningRate == 1e-4)
    #expect(tuned.tuning?.best(of: "b") == nil)
  }

  @Test(
    "bad grids are errors that name the key",
    arguments: [
      ("tune: { seed: 9 }", "tune: expected a seed of its own and a list `over`"),
      ("tune: { seed: 7, over: [{ name: x }] }", "expected a seed that no run of the study has"),
      ("tune: { seed: 9, over: [{ name: x }, { name: x }] }", "got \"x\" twice"),
      ("tune: { seed: 9, over: [{ set: {} }] }", "expected a name for each item"),
      (
        "tune: { seed: 9, over: [{ name: x, set: { lora.rang: 1 } }] }",
        "rang"
      ),
    ]
  )
  func refusals(tune: String, message: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try StudyText.load(StudyText.base + "seeds: [7]\n" + tune)
    }
    #expect(error.map { "\($0)".contains(message) } == true, "\(String(describing: error))")
  }
}
