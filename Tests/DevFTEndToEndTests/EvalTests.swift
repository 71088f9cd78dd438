import DevFTFormats
import Foundation
import Testing
import _DevFTTestSupport

@Suite("devft eval")
struct EvalTests {
  private let data = TinyChat.directory.deletingLastPathComponent()
    .appendingPathComponent("evaluation").path

  private func arguments(_ tasks: String, out: String, _ more: String...) -> [String] {
    [
      "eval", "--model", TinyChat.model, "--precision", "f32", "--data-dir", data, "--tasks", tasks,
      "--out", out,
    ] + more
  }

  @Test("writes samples, a summary and a page, and prints a table")
  func files() async throws {
    let scratch = try ScratchDirectory()
    let out = scratch.path("eval")
    let rows = try scratch.write("{\"text\":\"abc def\"}\n{\"text\":\"ghi\"}\n", to: "text.jsonl")
    let outcome = try await Devft.expectSuccess(
      arguments("mmlu,perplexity", out: out, "--shots", "1", "--max-length", "200", "--rows", rows)
    )
    #expect(outcome.lines.count == 7)
    #expect(outcome.lines[1].hasPrefix("mmlu"))
    let samples = try String(contentsOfFile: out + "/samples/mmlu.jsonl", encoding: .utf8)
    #expect(samples.split(separator: "\n").count == 7)
    let summary = try String(contentsOfFile: out + "/summary.json", encoding: .utf8)
    #expect(summary.contains("\"acc\"") && summary.contains("\"stderr\""))
    let page = try String(contentsOfFile: out + "/report.html", encoding: .utf8)
    #expect(page.contains("wrong answers") && page.contains("astronomy"))
    // An adapter changes the scores, and a second run gives the same bytes.
    let again = scratch.path("again")
    try await Devft.expectSuccess(
      arguments("mmlu", out: again, "--shots", "1", "--max-length", "200")
    )
    #expect(try String(contentsOfFile: again + "/samples/mmlu.jsonl", encoding: .utf8) == samples)
    let adapted = scratch.path("adapted")
    try await Devft.expectSuccess(
      arguments(
        "mmlu",
        out: adapted,
        "--shots",
        "1",
        "--max-length",
        "200",
        "--adapter",
        TinyChat.adapter
      )
    )
    #expect(try String(contentsOfFile: adapted + "/samples/mmlu.jsonl", encoding: .utf8) != samples)
  }

  @Test("answers to one's own rows are those that a run counts")
  func answers() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await Devft.expectSuccess(
      arguments(
        "answers,perplexity",
        out: scratch.path("eval"),
        "--rows",
        TinyChat.heldOut,
        "--max-tokens",
        "16"
      )
    )
    #expect(outcome.lines.contains { $0.hasPrefix("answers") && $0.contains("exact_match") })
    let summary = try JSONValue.object(
      Array(Data(contentsOf: URL(fileURLWithPath: scratch.path("eval/summary.json")))),
      path: nil
    )
    guard
      case .number(let loss)? = summary["tasks"]?["perplexity"]?["metrics"]?["loss"]?["value"]
    else { throw Devft.NotBuilt() }
    #expect(abs((Double(loss) ?? 0) - (try TinyChat.expected().heldOut.loss)) < 1e-4)
  }

  @Test("says which files are there and which are missing")
  func check() async throws {
    let all = try await Devft.run(["eval", "data", "--data-dir", data])
    #expect(all.status == 0)
    #expect(all.lines.count { $0.hasPrefix("found") } == 5)
    #expect(all.lines.count { $0.hasPrefix("absent") } == 2)
    let none = try await Devft.run(["eval", "data", "--data-dir", "/nowhere", "--tasks", "bbh"])
    #expect(none.status == 1)
    #expect(none.lines.count { $0.hasPrefix("missing  /nowhere/bbh/") } == 2)
  }

  @Test("bad input gives one line and leaves nothing behind")
  func badInput() async throws {
    let scratch = try ScratchDirectory()
    try FileManager.default.createDirectory(
      atPath: scratch.path("data/mmlu"),
      withIntermediateDirectories: true
    )
    _ = try scratch.write(
      "{\"subject\":\"s\",\"question\":\"q\",\"choices\":[\"a\",\"b\",\"c\",\"d\"],\"split\":\"test\"}\n",
      to: "data/mmlu/mmlu_dev_test.jsonl"
    )
    func run(_ tasks: String, _ directory: String) async throws -> Devft.Outcome {
      try await Devft.run([
        "eval", "--model", TinyChat.model, "--tasks", tasks, "--data-dir", directory, "--out",
        scratch.path("out"),
      ])
    }
    let cases = [
      ("mmlu", scratch.path("data"), "mmlu_dev_test.jsonl:1: key \"answer\": expected an integer"),
      ("mmlu", "/nowhere", "/nowhere/mmlu/mmlu_dev_test.jsonl: there is no such file"),
      ("mmmlu", data, "got \"mmmlu\"; did you mean mmlu?"),
      ("perplexity", data, "--rows: expected a JSONL file for perplexity, got none"),
    ]
    for (tasks, directory, message) in cases {
      let outcome = try await run(tasks, directory)
      #expect(outcome.status == 1)
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(outcome.lastErrorLine.contains(message))
      #expect(!FileManager.default.fileExists(atPath: scratch.path("out")))
    }
  }

  @Test(
    "conversations in FastChat's format go on where they stopped; without an endpoint none is judged"
  )
  func conversations() async throws {
    let scratch = try ScratchDirectory()
    let answers = scratch.path("answers.jsonl")
    func converse(_ more: String...) async throws {
      try await Devft.expectSuccess(
        [
          "eval", "converse", "--model", TinyChat.model, "--questions",
          data + "/judge/question.jsonl",
          "--name", "tiny", "--max-tokens", "8", "--out", answers,
        ] + more
      )
    }
    try await converse("--limit", "1")
    let first = try String(contentsOfFile: answers, encoding: .utf8)
    #expect(first.contains("\"question_id\":81") && first.contains("\"model_id\":\"tiny\""))
    try await converse()
    let all = try String(contentsOfFile: answers, encoding: .utf8)
    #expect(all.split(separator: "\n").count == 3)
    #expect(all.split(separator: "\n").contains { first.hasPrefix($0) })
    let judged = try await Devft.expectSuccess([
      "eval", "judge", "--questions", data + "/judge/question.jsonl", "--answers", answers,
      "--prompts",
      data + "/judge/judge_prompts.jsonl", "--out", scratch.path("judged.jsonl"),
    ])
    #expect(judged.output.hasPrefix("no --url"))
  }
}
