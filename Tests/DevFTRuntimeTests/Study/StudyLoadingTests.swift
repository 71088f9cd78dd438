import DevFTStages
import Foundation
import Testing

@testable import DevFTRuntime

@Suite("A study's file and the runs it means")
struct StudyLoadingTests {
  @Test("without cells and seeds it is one run under the file's name")
  func smallest() throws {
    let study = try StudyText.load(StudyText.base)
    #expect(study.name == "study" && study.cells == ["base"] && study.seeds == [7])
    #expect(study.runs.count == 1 && study.target == nil && study.budget == nil)
    #expect(study.runs[0].configuration.federation.rounds == 8)
  }

  @Test("cells × varied values × seeds, the first key slowest, names made of what varies")
  func product() throws {
    let study = try StudyText.load(
      StudyText.base + """
        cells:
          - { name: FedIT, set: {} }
          - { name: DevFT, set: { stages.fusion.beta: 0.2, stages: { growth: 4 } } }
        vary:
          lora.rank: [4, 8]
          local.steps: [1, 2, 3]
        seeds: [5, 6]
        """
    )
    #expect(study.cells.count == 12 && study.runs.count == 24)
    #expect(
      study.cells.prefix(4) == [
        "FedIT, rank 4, steps 1", "FedIT, rank 4, steps 2", "FedIT, rank 4, steps 3",
        "FedIT, rank 8, steps 1",
      ]
    )
    let last = try #require(study.runs.last)
    #expect(last.seed == 6 && last.configuration.seed == 6)
    #expect(last.configuration.lora.rank == 8 && last.configuration.local.steps == 3)
    #expect(last.configuration.stages?.growth == 4)
    #expect(last.configuration.stages?.construction.fusion.beta == 0.2)
    #expect(study.runs[0].configuration.stages == nil)
  }

  @Test("varied values alone make the cells; keys that end alike are named in full")
  func varied() throws {
    let yaml = StudyText.base + "vary: { stages.grouping.kind: [even], stages.fusion.kind: [mean] }"
    #expect(
      try StudyText.load(yaml).cells == ["stages.grouping.kind even, stages.fusion.kind mean"]
    )
  }

  @Test("a budget lies over the base and under the cells, and keeps its labels")
  func budgets() throws {
    let yaml =
      StudyText.base + """
        cells:
          - { name: a }
          - { name: b, set: { federation.rounds: 3 } }
        seeds: [1, 2, 3]
        target: 2.5
        budgets:
          tiny: { seeds: [9], set: { federation.rounds: 2, lora.rank: 4 } }
          full:
            target: 1.5
            set:
              federation.rounds: { value: 40, label: inferred }
              lora.rank: { value: 32, label: published }
              lora.alpha: 64
        """
    let tiny = try StudyText.load(yaml, budget: "tiny")
    #expect(tiny.runs.map(\.configuration.federation.rounds) == [2, 3])
    #expect(tiny.seeds == [9] && tiny.target == .loss(2.5) && tiny.budget == "tiny")
    let full = try StudyText.load(yaml, budget: "full")
    #expect(full.seeds == [1, 2, 3] && full.target == .loss(1.5))
    #expect(full.runs[0].configuration.lora.rank == 32)
    #expect(
      full.settings == [
        StudySetting(key: "federation.rounds", value: "40", label: .inferred),
        StudySetting(key: "lora.rank", value: "32", label: .published),
        StudySetting(key: "lora.alpha", value: "64", label: nil),
      ]
    )
  }

  @Test("a key of the command line is over the budget's and under the cell's")
  func overrides() throws {
    let yaml =
      StudyText.base + """
        cells: [{ name: a }, { name: b, set: { lora.rank: 2 } }]
        budgets: { small: { set: { lora.rank: 3, local.steps: 5 } } }
        """
    let study = try StudyText.load(
      yaml,
      budget: "small",
      overrides: ["lora.rank=4", "data.path=mine.jsonl", "local.steps=6", "local.steps=7"]
    )
    #expect(study.runs.map(\.configuration.lora.rank) == [4, 2])
    #expect(study.runs.map(\.configuration.local.steps) == [7, 7])
    let here = FileManager.default.currentDirectoryPath
    #expect(study.runs.allSatisfy { $0.configuration.data.path == "\(here)/mine.jsonl" })
    #expect(
      study.settings.map { "\($0.key)=\($0.value)" }
        == ["lora.rank=4", "data.path=mine.jsonl", "local.steps=7"]
    )
    for (override, words) in [("seed=1", "seed"), ("lora.rnak=1", "lora.rank"), ("x", "--set x")] {
      let error = #expect(throws: ConfigurationError.self) {
        try StudyText.load(yaml, budget: "small", overrides: [override])
      }
      #expect(error.map { "\($0)".contains(words) } == true)
    }
  }

  @Test("the base may be a file; paths count from the file that they stand in")
  func baseFile() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("devft-study-\(UUID().uuidString)")
    let configs = folder.appendingPathComponent("configs")
    try FileManager.default.createDirectory(at: configs, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("seed: 3\nmodel: m\ndata: { path: d.jsonl }".utf8)
      .write(to: configs.appendingPathComponent("c.yaml"))
    let file = folder.appendingPathComponent("s.yaml")
    try Data("base: configs/c.yaml\ncells: [{ name: a, set: { data.eval: e.jsonl } }]".utf8)
      .write(to: file)
    let study = try Study.load(file: file.path, budget: nil)
    #expect(study.seeds == [3])
    let data = study.runs[0].configuration.data
    #expect(data.path == configs.appendingPathComponent("d.jsonl").path)
    #expect(data.eval == folder.appendingPathComponent("e.jsonl").path)
  }

  @Test(
    "what cannot be used is one line with place, key and the nearest known name",
    arguments: [
      ("sedes: [1]", 5, "sedes: unknown key; did you mean seeds?"),
      ("cells: [{ nmae: a }]", 5, "cells.nmae: unknown key; did you mean name?"),
      ("cells: [{ set: {} }]", 5, "cells.name: expected a name for each item, got none"),
      (
        "cells:\n  - { name: a }\n  - { name: a }", 7,
        "cells: expected a name of its own for each cell, got \"a\" twice"
      ),
      (
        "cells:\n  - name: a\n    set: { lora.rnak: 3 }", 7,
        "lora.rnak: unknown key; did you mean lora.rank? (cell a)"
      ),
      (
        "cells: [{ name: a, set: { federation.clients: 1 } }]", 4,
        "federation.clients_per_round: expected at most federation.clients, which is 1, got 2 (cell a)"
      ),
      ("vary: { lora.rank: [] }", 5, "vary.lora.rank: expected a list of values, got a list"),
      ("vary: { lora.rank: 3 }", 5, "vary.lora.rank: expected a list of values, got \"3\""),
      (
        "cells: [{ name: a, set: { seed: 3 } }]", 5,
        "cells.set.seed: expected no seed here: the study's seeds are those of every cell"
      ),
      (
        "seeds: [1, 1]", 5,
        "seeds: expected a list in brackets, each item a whole number from 0 to "
          + "18446744073709551615, at least one and none twice, got a list"
      ),
      (
        "cells: [{ name: FedIT }]\nreference: FedIt", 6,
        "reference: expected the name of a cell, got \"FedIt\"; did you mean FedIT?"
      ),
      (
        "target: 1\nreference: base", 6,
        "reference: expected either a target or a reference, got both"
      ),
      (
        "cells: [{ name: a, set: { lora.rank: { value: 3, label: guessed } } }]", 5,
        "cells.set.lora.rank.label: expected one of published, inferred, ours, got \"guessed\""
      ),
    ]
  )
  func refusals(yaml: String, line: Int, message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try StudyText.load(StudyText.base + yaml)
    }
    #expect(error?.line == line)
    #expect(
      error?.description.hasSuffix("study.yaml:\(line): " + message) == true,
      "\(error?.description ?? "")"
    )
  }

  @Test("a budget must be chosen where there are any, and be one of them")
  func unknownBudget() {
    let yaml = StudyText.base + "budgets: { tiny: {}, full: {} }"
    for (name, message) in [
      (nil, "budgets: expected --budget with one of tiny, full; got none"),
      ("tinny", "budgets.tinny: unknown budget; did you mean tiny?"),
      ("x", "budgets.x: unknown budget; known here: tiny, full"),
    ] {
      let error = #expect(throws: ConfigurationError.self) {
        try StudyText.load(yaml, budget: name)
      }
      #expect(error?.description.hasSuffix(message) == true, "\(error?.description ?? "")")
    }
    let error = #expect(throws: ConfigurationError.self) {
      try StudyText.load(StudyText.base, budget: "tiny")
    }
    #expect(error?.message == "unknown budget; the study has none")
  }
}
