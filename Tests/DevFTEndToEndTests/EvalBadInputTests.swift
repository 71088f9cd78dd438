import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft eval and bad input")
struct EvalBadInputTests {
  private static let golden = TinyChat.directory.deletingLastPathComponent()

  /// Runs a task and expects one line and nothing written.
  private func expectRefusal(
    _ task: String,
    data: String = golden.appendingPathComponent("evaluation").path,
    _ more: [String] = [],
    saying words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.run(
      [
        "eval", "--model", TinyChat.model, "--tasks", task, "--data-dir", data, "--out",
        scratch.path("out"),
      ] + more
    )
    #expect(outcome.status == 1, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(outcome.errors.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.lastErrorLine.contains(word), sourceLocation: sourceLocation)
    }
    #expect(
      !FileManager.default.fileExists(atPath: scratch.path("out")),
      sourceLocation: sourceLocation
    )
  }

  @Test(
    "a row without one of its fields: file, line and key",
    arguments: [
      ("mmlu", "mmlu/mmlu_dev_test.jsonl", ["subject", "question", "choices", "answer", "split"]),
      ("truthfulqa_mc1", "truthfulqa/v1/mc_task.json", ["question", "mc1_targets"]),
      ("truthfulqa_mc2", "truthfulqa/v1/mc_task.json", ["question", "mc2_targets"]),
      ("bbh_direct", "bbh/bbh.jsonl", ["task", "input", "target"]),
      ("bbh", "bbh/cot_prompts.jsonl", ["task", "prompt"]),
      ("ifeval", "ifeval/input_data.jsonl", ["key", "prompt", "instruction_id_list", "kwargs"]),
    ]
  )
  func missingField(task: String, file: String, keys: [String]) async throws {
    let scratch = try ScratchDirectory()
    let data = try scratch.copy(
      Self.golden.appendingPathComponent("evaluation").path,
      to: "data"
    )
    let whole = try scratch.text("data/\(file)")
    for key in keys {
      // The second row of an array, or the second line, under another name.
      let second = try #require(whole.ranges(of: "\"\(key)\"").dropFirst().first)
      try scratch.write(whole.replacingCharacters(in: second, with: "\"x\""), to: "data/\(file)")
      let place = file.hasSuffix(".json") ? "\(file):[1]: " : "\(file):2: "
      try await expectRefusal(
        task,
        data: data,
        saying: "\(place)key \"\(key)\": expected ",
        "it is missing"
      )
    }
  }

  @Test("an adapter of another model: the first tensor that does not fit")
  func foreignAdapter() async throws {
    let adapter = Self.golden.appendingPathComponent("formats/adapter").path
    try await expectRefusal(
      "mmlu",
      ["--adapter", adapter],
      saying: "2 layers, the model 6 layers: there is no tensor model.layers.2."
    )
  }

  @Test("a configuration that names another rank, or fewer or more targets than the tensors have")
  func contradictedAdapter() async throws {
    let scratch = try ScratchDirectory()
    let adapter = try scratch.copy(TinyChat.adapter, to: "adapter")
    let name = "adapter/adapter_config.json"
    let whole = try scratch.text(name)
    let (rank, targets) = (#/"r": \d+/#, #/"target_modules": \[[^\]]*\]/#)
    let cases: [(String, [String])] = [
      (whole.replacing(rank, with: "\"r\": 5"), ["q_proj.lora_A.weight of layer 0", "rank 5"]),
      (
        whole.replacing(targets, with: "\"target_modules\": [\"q_proj\"]"),
        ["layer 0", "holds tensor ", "its targets (q) alone"]
      ),
      (
        whole.replacing(targets, with: "\"target_modules\": [\"q_proj\", \"o_proj\"]"),
        ["layer 0 of the adapter has no tensor self_attn.o_proj.lora_A.weight"]
      ),
    ]
    for (text, words) in cases {
      #expect(text != whole)
      try scratch.write(text, to: name)
      for word in words {
        try await expectRefusal("mmlu", ["--adapter", adapter], saying: adapter, word)
      }
    }
  }
}
