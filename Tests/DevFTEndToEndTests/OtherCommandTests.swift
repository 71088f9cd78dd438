import Foundation
import Testing
import _DevFTTestSupport

@Suite("The other commands")
struct OtherCommandTests {
  @Test("generate gives the tokens that transformers and PEFT give")
  func generate() async throws {
    let expected = try TinyChat.expected().generation
    let arguments = [
      "generate", "--model", TinyChat.model, "--adapter", TinyChat.adapter,
      "--precision", "f32", "--prompt", expected.prompt, "--max-tokens", "16",
    ]
    #expect(try await Devft.expectSuccess(arguments).output == expected.answer + "\n")
    let sampled = arguments + ["--top-p", "0.9", "--temperature", "2"]
    let draws = try await [3, 3, 4].asyncMap { seed in
      try await Devft.expectSuccess(sampled + ["--seed", "\(seed)"]).output
    }
    #expect(draws[0] == draws[1])
    #expect(draws[0] != draws[2])
  }

  @Test("plan counts stages, groups and bytes as the run then does")
  func plan() async throws {
    struct Plan: Decodable {
      struct Stage: Decodable {
        var stage: Int
        var capacity: Int
        var rounds: Int
        var groups: [[Int]]
        var loraBytes: Int
      }
      var clients: Int
      var examples: Int
      var meanTokens: Double
      var stages: [Stage]
    }
    let run = try TinyRun()
    let outcome = try await Devft.expectSuccess(["plan", run.configuration, "--json"])
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let plan = try decoder.decode(Plan.self, from: Data(outcome.output.utf8))
    let expected = try TinyChat.expected()
    #expect(plan.clients == expected.households.count)
    #expect(plan.examples == expected.households.values.reduce(0, +))
    #expect(abs(plan.meanTokens - Double(expected.trainTokens) / 60) < 1e-9)
    #expect(plan.stages.map(\.capacity) == [2, 3, 6])
    #expect(plan.stages.map(\.rounds) == [2, 2, 2])
    // The model was drawn with three kinds of layers.
    #expect(plan.stages[1].groups == expected.layerGroups)
    // Rank 4 on q [32, 32], v [16, 32] and down [32, 64], four bytes a number.
    #expect(plan.stages.map(\.loraBytes) == [2, 3, 6].map { $0 * 4 * (64 + 48 + 96) * 4 })
    #expect(!run.has(""))
    let table = try await Devft.expectSuccess(["plan", run.configuration])
    #expect(table.lines.count == 5)
    #expect(table.output.contains("60 examples of 44.1 tokens on average, 4 clients"))
  }

  @Test("data show counts fields, data split writes a file a client")
  func data() async throws {
    let expected = try TinyChat.expected().households
    let shown = try await Devft.expectSuccess(["data", "show", TinyChat.train])
    #expect(shown.lines[0] == "60 examples")
    #expect(shown.lines[1] == "household: 4 values: elm (20), oak (18), fir (12), ash (10)")
    let scratch = try ScratchDirectory()
    try await Devft.expectSuccess([
      "data", "split", TinyChat.train, "--kind", "field", "--field", "household",
      "--out", scratch.path("split"),
    ])
    for (household, count) in expected {
      let lines = try scratch.text("split/\(household).jsonl").split(separator: "\n")
      #expect(lines.count == count)
      #expect(lines.allSatisfy { $0.contains("\"\(household)\"") })
    }
  }

  @Test("doctor names what it finds; model get knows its names; version and help exit 0")
  func small() async throws {
    let doctor = try await Devft.expectSuccess(["doctor"])
    for word in ["devft", "oneDNN", "cores", "memory", "bf16", "smollm2-135m-instruct"] {
      #expect(doctor.output.contains(word))
    }
    let unknown = try await Devft.run(["model", "get", "smollm3"])
    #expect(unknown.status == 64)
    #expect(unknown.lastErrorLine == "Error: smollm3: expected one of smollm2-135m-instruct")
    for arguments in [["--version"], ["--help"], ["simulate", "--help"]] {
      #expect(try await Devft.run(arguments).status == 0)
    }
  }
}

extension Sequence {
  /// The results of an asynchronous call for each element, one after the other.
  func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await body(element)) }
    return results
  }
}
