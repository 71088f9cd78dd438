import DevFTFormats
import DevFTModel

/// Massive Multitask Language Understanding: 57 subjects, four options, the letter's log-likelihood decides.
///
/// - SeeAlso: Hendrycks et al., 2021, <https://arxiv.org/abs/2009.03300>; lm-evaluation-harness 0.4.13,
///   `mmlu`, version 2.
public struct MMLU: Benchmark {
  /// One question.
  struct Question: Equatable {
    var subject: String
    var text: String
    var choices: [String]
    /// Index of the right choice.
    var answer: Int
    /// Line of the file.
    var line: Int
  }

  static let letters = ["A", "B", "C", "D"]

  /// The task's name.
  public var name: String { "mmlu" }
  /// Number of questions.
  public var questionCount: Int { questions.count }
  private let questions: [Question]
  private let examples: [String: [Question]]

  /// Reads questions.
  ///
  /// - Parameters:
  ///   - path: JSONL with `subject`, `question`, `choices`, `answer` (0 to 3) and `split`: `dev` for the examples
  ///     and `test` for the questions.
  ///   - options: How much of it, 5 examples usually.
  /// - Throws: `FormatError` that names file, line and key.
  public init(path: String, options: BenchmarkOptions) throws {
    var (questions, examples): ([Question], [String: [Question]]) = ([], [:])
    for row in try JSONRow.all(in: path) {
      let question = try Question(row)
      switch try row.text("split") {
      case "dev": examples[question.subject, default: []].append(question)
      case "test": questions.append(question)
      default: throw row.failure("split", "\"dev\" or \"test\"", row.json["split"])
      }
    }
    self.questions = options.limited(questions) { $0.subject }
    let shots = options.shots ?? 5
    for question in self.questions where examples[question.subject, default: []].count < shots {
      throw FormatError(
        .missing,
        path: path,
        "expected \(shots) examples (split \"dev\") of \(question.subject), found "
          + "\(examples[question.subject, default: []].count)"
      )
    }
    self.examples = examples.mapValues { Array($0.prefix(shots)) }
  }

  /// Puts the questions to a model, subject by subject.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - report: Called with the number of questions that have been done since the last call.
  /// - Returns: `acc` over all questions, by category and by subject.
  /// - Throws: `FormatError` when the model's longest sequence cannot hold an answer.
  public func run(on model: EvaluatedModel, report: (Int) -> Void) throws -> EvaluationResult {
    var samples: [EvaluationSample] = []
    for subject in Set(questions.map(\.subject)).sorted() {
      let own = questions.filter { $0.subject == subject }
      let head = Self.head(subject, examples[subject] ?? [])
      let asked = try own.map { question in
        try model.question(
          context: head + question.prompt,
          continuations: Self.letters.map { " " + $0 }
        )
      }
      let scores = model.scores(of: asked, report: report)
      samples += zip(own, scores).map { $0.sample($1) }
    }
    var result = EvaluationResult(task: name, metric: "acc", samples: samples) {
      $0.isRight ? 1 : 0
    }
    result.groups += MMLUCategory.groups(of: result.groups)
    return result
  }

  /// What stands before every question of a subject.
  private static func head(_ subject: String, _ examples: [Question]) -> String {
    let topic = subject.split(separator: "_", omittingEmptySubsequences: false)
      .joined(separator: " ")
    let shots = examples.map { "\($0.prompt) \(letters[$0.answer])\n\n" }.joined()
    return "The following are multiple choice questions (with answers) about \(topic).\n\n" + shots
  }
}

extension MMLU.Question {
  init(_ row: JSONRow) throws(FormatError) {
    subject = try row.text("subject")
    text = try row.text("question")
    choices = try row.texts("choices")
    guard choices.count == MMLU.letters.count else {
      throw row.failure("choices", "4 strings", row.json["choices"])
    }
    answer = try row.integer("answer", in: 0...3)
    line = row.line
  }

  /// The question with its options, up to where the letter is due.
  var prompt: String {
    let options = zip(MMLU.letters, choices).map { "\($0). \($1)\n" }.joined()
    return text.trimmed + "\n" + options + "Answer:"
  }

  func sample(_ scores: [Double]) -> EvaluationSample {
    let chosen = scores.indices.max { (scores[$0], $1) < (scores[$1], $0) } ?? 0
    return EvaluationSample(
      id: String(line),
      group: subject,
      question: prompt,
      expected: MMLU.letters[answer],
      answer: MMLU.letters[chosen],
      isRight: chosen == answer,
      scores: scores
    )
  }
}
