import DevFTFormats
import DevFTModel

/// BIG-Bench Hard: 27 tasks whose answers are written out and must match exactly.
///
/// - SeeAlso: Suzgun et al., 2022, <https://arxiv.org/abs/2210.09261>; lm-evaluation-harness 0.4.13,
///   `bbh_fewshot` version 2 and `bbh_cot_fewshot` version 4.
public struct BigBenchHard: Benchmark {
  /// The two ways of asking.
  public enum Form: String, Sendable, CaseIterable {
    /// Examples with their answers alone.
    case direct = "bbh_direct"
    /// Examples that think step by step.
    case chainOfThought = "bbh"
  }

  struct Question {
    var task: String
    var input: String
    var target: String
    var line: Int
  }

  /// The form.
  public let form: Form
  /// The task's name.
  public var name: String { form.rawValue }
  /// Number of questions.
  public var questionCount: Int { questions.count }
  private let questions: [Question]
  private let prompts: [String: BigBenchPrompt]
  private let options: BenchmarkOptions

  /// Reads questions and examples.
  ///
  /// - Parameters:
  ///   - path: JSONL with `task`, `input` and `target`.
  ///   - promptsPath: JSONL with `task` and `prompt`: the published chain-of-thought prompts.
  ///   - form: How they are put.
  ///   - options: How much of it, 3 examples usually.
  /// - Throws: `FormatError` that names file, line and key.
  public init(
    path: String,
    promptsPath: String,
    form: Form,
    options: BenchmarkOptions
  ) throws {
    self.form = form
    self.options = options
    let all = try JSONRow.all(in: path).map { row in
      Question(
        task: try row.text("task"),
        input: try row.text("input"),
        target: try row.text("target"),
        line: row.line
      )
    }
    questions = options.limited(all) { $0.task }
    var prompts: [String: BigBenchPrompt] = [:]
    for row in try JSONRow.all(in: promptsPath) {
      prompts[try row.text("task")] = try BigBenchPrompt(row)
    }
    for question in questions where prompts[question.task] == nil {
      throw FormatError(
        .missing,
        path: promptsPath,
        "expected a prompt of \(question.task), found none"
      )
    }
    self.prompts = prompts
  }

  /// Puts the questions to a model, task by task.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - report: Called with the number of questions that have been done since the last call.
  /// - Returns: `exact_match` over all questions and by task; beside it, of the direct form,
  ///   `exact_match_trimmed`, which forgives the space that answers begin with.
  /// - Throws: `FormatError` when the chat template lacks something.
  public func run(
    on model: EvaluatedModel,
    report: (Int) -> Void
  ) throws -> EvaluationResult {
    var samples: [EvaluationSample] = []
    for task in Set(questions.map(\.task)).sorted() {
      guard let prompt = prompts[task] else { continue }
      let own = questions.filter { $0.task == task }
      let asked = try own.map { question in
        let text = prompt.text(asking: question.input, form: form, shots: options.shots ?? 3)
        return try options.usesChatTemplate ? model.chatTokens(of: text) : model.tokens(of: text)
      }
      let answers = model.answers(to: asked, rule)
      report(own.count)
      samples += zip(own, answers).map { sample($0, $1) }
    }
    var result = EvaluationResult(task: name, metric: "exact_match", samples: samples) {
      $0.numbers["exact_match"] ?? 0
    }
    let trimmed = MeanEstimate(samples.map { $0.isRight ? 1 : 0 })
    result.metrics.append(.init("exact_match_trimmed", trimmed))
    return result
  }

  private var rule: EvaluatedModel.AnswerRule {
    // "Q" alone is what the harness stops at.
    .init(until: ["</s>", "Q", "\n\n"], maximumTokens: form == .direct ? 256 : 1024)
  }

  private func sample(_ question: Question, _ text: String) -> EvaluationSample {
    let answer = form == .direct ? text : BigBenchPrompt.conclusion(of: text)
    return EvaluationSample(
      id: String(question.line),
      group: question.task,
      question: question.input,
      expected: question.target,
      answer: form == .direct ? text : answer + "\n\n" + text,
      isRight: answer.trimmed == question.target,
      numbers: ["exact_match": answer == question.target ? 1 : 0]
    )
  }
}
