import DevFTEvaluation
import DevFTFormats
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTRuntime

@Suite("Judging answers over an endpoint")
struct JudgeRunTests {
  private let files = TinyChat.directory.deletingLastPathComponent()
    .appendingPathComponent("evaluation/judge")
  private let out = FileManager.default.temporaryDirectory
    .appendingPathComponent("judge-\(UUID().uuidString)").appendingPathComponent("out.jsonl").path

  private func path(_ name: String) -> String { files.appendingPathComponent(name).path }

  private func answers(_ model: String, _ questions: [BenchQuestion]) -> [Int: BenchAnswer] {
    Dictionary(
      uniqueKeysWithValues: questions.map { question in
        let turns = question.turns.indices.map { "\(model) says \(question.id).\($0 + 1)" }
        return (question.id, BenchAnswer(questionID: question.id, model: model, turns: turns))
      }
    )
  }

  private func run(
    _ endpoint: StubEndpoint,
    against: String? = nil,
    cap: Double? = nil
  ) throws -> JudgeRun {
    let questions = try BenchQuestion.all(in: path("question.jsonl"))
    return try JudgeRun(
      questions: questions,
      answers: answers("ours", questions),
      others: against.map { answers($0, questions) },
      references: try BenchAnswer.all(in: path("reference.jsonl")),
      prompts: path("judge_prompts.jsonl"),
      endpoint: JudgeEndpoint(
        url: endpoint.url,
        key: "secret",
        model: "stub",
        tryCount: 3,
        firstPause: .milliseconds(1)
      ),
      price: .init(input: 1000, output: 10_000, cap: cap),
      path: out
    )
  }

  private func lines() throws -> [JSONValue] { try JSONRow.all(in: out).map(\.json) }

  @Test("grades: FastChat's prompts are filled, grades read, lines written")
  func grades() async throws {
    let endpoint = try StubEndpoint([
      .judge("Fine. Rating: [[7]]"), .judge("[[8.5]]"), .judge("Rating: [3]"), .judge("none"),
      .judge("[[10]] and [[1]]"),
    ])
    var run = try run(endpoint)
    let table = try await run.run { _, _ in }
    // Turn 1: 7, 3, 10; turn 2: 8.5 and one without a grade.
    #expect(
      table.rows == [
        ["1", "6.67", "3", "0"], ["2", "8.50", "1", "1"], ["all", "7.12", "4", "1"],
      ]
    )
    let lines = try lines()
    #expect(lines.map { $0["question_id"]?.integer } == [81, 81, 111, 111, 5])
    #expect(lines.map { $0["turn"]?.integer } == [1, 2, 1, 2, 1])
    #expect(
      lines[0]["user_prompt"]?.text == "Q Write a line about rain. | answer ours says 81.1 {braces}"
    )
    #expect(
      lines[3]["user_prompt"]?.text
        == "Q1 What is 2 + 2? Q2 And 2 + 3? | R 4 5 | answer ours says 111.1 ours says 111.2 {braces}"
    )
    #expect(lines[2]["judge"]?.elements == [.string("stub"), .string("single-math-v1")])
    #expect(endpoint.requests.count == 5)
    #expect(endpoint.requests[0].contains(#""role":"system""#))
    #expect(abs(run.cost - 5 * (100 * 1000 + 10 * 10_000) / 1e6) < 1e-9)
  }

  @Test("pairs: each is judged both ways round, and a win counts when it holds")
  func pairs() async throws {
    let endpoint = try StubEndpoint([
      .judge("[[A]]"), .judge("[[B]]"),  // ours, ours
      .judge("[[A]]"), .judge("[[A]]"),  // ours, theirs
      .judge("[[B]]"), .judge("[[A]]"),  // theirs, theirs
      .judge("[[C]]"), .judge("[[C]]"), .judge("?"), .judge("[[B]]"),
    ])
    var run = try run(endpoint, against: "theirs")
    let table = try await run.run { _, _ in }
    #expect(table.rows == [["1", "1", "1", "1"], ["2", "0", "0", "2"], ["all", "1", "1", "3"]])
    let lines = try lines()
    #expect(lines[0]["g1_winner"]?.text == "model_1" && lines[0]["g2_winner"]?.text == "model_1")
    #expect(lines[4]["g1_winner"]?.text == "error")
    let swapped = try #require(lines[0]["g2_user_prompt"]?.text)
    #expect(swapped.contains("answer_a theirs says 81.1 | answer_b ours says 81.1"))
  }

  @Test("what may pass is tried again; what was judged is kept and not judged again")
  func retries() async throws {
    let endpoint = try StubEndpoint([
      .init(status: 429, header: "Retry-After: 0\r\n", body: "{}"),
      .init(status: 503, body: "busy"),
      .judge("[[4]]"), .judge("[[5]]"), .init(status: 400, body: "no"),
    ])
    var first = try run(endpoint)
    let error = await #expect(throws: RunError.self) { _ = try await first.run { _, _ in } }
    #expect(error?.message.contains("got status 400") == true)
    #expect(try lines().count == 2)
    #expect(endpoint.requests.count == 5)
    let second = try StubEndpoint([.judge("[[6]]")])
    var rest = try run(second)
    var counts: [Int] = []
    let table = try await rest.run { done, _ in counts.append(done) }
    #expect(counts == [2, 3, 4])
    #expect(second.requests.count == 3)
    #expect(table.rows.last == ["all", "5.40", "5", "0"])
  }

  @Test("the cap on the cost stops a run before the next request")
  func cap() async throws {
    let endpoint = try StubEndpoint([.judge("[[4]]")])
    // A judgement costs 0.2.
    var capped = try run(endpoint, cap: 0.4)
    let error = await #expect(throws: RunError.self) { _ = try await capped.run { _, _ in } }
    #expect(error?.message.contains("the cap is 0.40; 2 of 5") == true)
    #expect(endpoint.requests.count == 2)
  }

  @Test("an endpoint that is gone, and one that says something else")
  func broken() async throws {
    let endpoint = try StubEndpoint([.init(body: "[]")])
    var run = try run(endpoint)
    let error = await #expect(throws: RunError.self) { _ = try await run.run { _, _ in } }
    #expect(error?.message.contains("got something else") == true)
    #expect(!FileManager.default.fileExists(atPath: out))
  }
}
