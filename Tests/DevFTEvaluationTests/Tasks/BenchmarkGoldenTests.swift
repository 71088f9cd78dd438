import Testing

@testable import DevFTEvaluation

@Suite("Benchmarks against lm-evaluation-harness")
struct BenchmarkGoldenTests {
  private let options = BenchmarkOptions()

  private func check(_ benchmark: any Benchmark) throws -> EvaluationResult {
    var done = 0
    let result = try benchmark.run(on: try EvaluationFixture.model()) { done += $0 }
    #expect(done == benchmark.questionCount)
    let expected = try EvaluationFixture.expected(benchmark.name)
    #expect(result.samples.map(\.id) == expected.map(\.id))
    #expect(result.samples.count == benchmark.questionCount)
    for (sample, expected) in zip(result.samples, expected) {
      for (score, known) in zip(sample.scores, expected.scores ?? []) {
        #expect(abs(score - known) < 1e-4 * abs(known) + 1e-4, "sample \(sample.id)")
      }
      #expect(sample.scores.count == (expected.scores ?? []).count)
    }
    return result
  }

  @Test("MMLU")
  func mmlu() throws {
    let path = EvaluationFixture.path("mmlu/mmlu_dev_test.jsonl")
    let result = try check(try MMLU(path: path, options: options))
    let expected = try EvaluationFixture.expected("mmlu")
    #expect(result.samples.map { $0.isRight ? 1.0 : 0 } == expected.map(\.acc))
    let mean = expected.reduce(0) { $0 + $1.acc } / Double(expected.count)
    #expect(abs(result.metrics[0].estimate.value - mean) < 1e-9)
    #expect(result.groups.map(\.name) == ["astronomy", "marketing", "stem", "other"])
  }

  @Test("TruthfulQA, both forms", arguments: TruthfulQA.Form.allCases)
  func truthfulQA(form: TruthfulQA.Form) throws {
    let path = EvaluationFixture.path("truthfulqa/v1/mc_task.json")
    let result = try check(try TruthfulQA(path: path, form: form, options: options))
    let expected = try EvaluationFixture.expected(form.rawValue)
    for (sample, expected) in zip(result.samples, expected) {
      #expect(abs((sample.numbers["acc"] ?? -1) - expected.acc) < 1e-3)
    }
  }

  @Test("BIG-Bench Hard, both forms", arguments: BigBenchHard.Form.allCases)
  func bigBenchHard(form: BigBenchHard.Form) throws {
    let result = try check(
      try BigBenchHard(
        path: EvaluationFixture.path("bbh/bbh.jsonl"),
        promptsPath: EvaluationFixture.path("bbh/cot_prompts.jsonl"),
        form: form,
        options: options
      )
    )
    let expected = try EvaluationFixture.expected(form.rawValue)
    for (sample, expected) in zip(result.samples, expected) {
      let text = try #require(expected.text)
      #expect(form == .direct ? sample.answer == text : sample.answer.hasSuffix("\n\n" + text))
      #expect(sample.numbers["exact_match"] == expected.acc)
    }
  }

  @Test("a limit takes the first of each group and changes nothing about them")
  func limit() throws {
    let path = EvaluationFixture.path("mmlu/mmlu_dev_test.jsonl")
    let few = try MMLU(path: path, options: BenchmarkOptions(limit: 2))
    #expect(few.questionCount == 4)
    let model = try EvaluationFixture.model()
    let all = try MMLU(path: path, options: options).run(on: model) { _ in }
    for sample in try few.run(on: model, report: { _ in }).samples {
      let same = try #require(all.samples.first { $0.id == sample.id })
      for (one, other) in zip(sample.scores, same.scores) { #expect(abs(one - other) < 1e-3) }
    }
  }
}
