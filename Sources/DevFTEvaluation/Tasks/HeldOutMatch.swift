import DevFTFormats
import DevFTModel

/// Answers to the user's own rows: exact match and overlap of words.
public struct HeldOutMatch: Benchmark {
  /// The task's name.
  public var name: String { "answers" }
  /// Number of rows.
  public var questionCount: Int { examples.count }
  private let examples: [Example]
  private let maximumTokens: Int

  /// Reads rows.
  ///
  /// - Parameters:
  ///   - path: JSONL with examples as for training, the last turn the assistant's.
  ///   - options: How much of it.
  ///   - maximumTokens: Longest answer, in tokens.
  /// - Throws: `FormatError` that names file, line and key.
  public init(path: String, options: BenchmarkOptions, maximumTokens: Int) throws {
    let all = try ExamplesReader.examples(in: path)
    examples = Array(all.prefix(options.limit ?? all.count))
    self.maximumTokens = maximumTokens
    for example in examples where example.messages.last?.role != .assistant {
      throw FormatError(
        .malformed,
        path: example.line.map { "\(path):\($0)" } ?? path,
        "expected a last turn of the assistant"
      )
    }
  }

  /// Has the model answer in its chat template.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - report: Called with the number of rows that have been done since the last call.
  /// - Returns: `exact_match` and `f1`.
  /// - Throws: `FormatError` when the template cannot hold a row.
  public func run(
    on model: EvaluatedModel,
    report: (Int) -> Void
  ) throws -> EvaluationResult {
    try checkLengths(model)
    let match = try AnswerMatch(
      examples,
      decoder: model.decoder,
      adapter: model.adapter,
      tokenizer: model.tokenizer,
      template: model.template,
      stopTokens: model.stopTokens,
      maximumTokens: maximumTokens
    )
    report(examples.count)
    var samples: [EvaluationSample] = []
    for (index, example) in examples.enumerated() {
      let (answer, expected) = (match.answers[index], match.expected[index])
      let isRight = answer == expected
      samples.append(
        EvaluationSample(
          id: String(example.line ?? index + 1),
          question: example.messages.last { $0.role == .user }?.content ?? "",
          expected: expected,
          answer: answer,
          isRight: isRight,
          numbers: [
            "exact_match": isRight ? 1 : 0, "f1": TokenF1.between(answer, expected),
          ]
        )
      )
    }
    let metrics = ["exact_match", "f1"].map { name in
      EvaluationResult.Metric(name, MeanEstimate(samples.map { $0.numbers[name] ?? 0 }))
    }
    return EvaluationResult(task: name, metrics: metrics, samples: samples)
  }

  private func checkLengths(_ model: EvaluatedModel) throws {
    for (index, example) in examples.enumerated() {
      let spans = try model.template.renderPrompt(example)
      let count = try TokenizedExample(spans, tokenizer: model.tokenizer).count
      guard count + maximumTokens <= model.maximumLength else {
        throw FormatError(
          .unsupported,
          "row \(example.line ?? index + 1): expected request and answer of at most "
            + "\(model.maximumLength) tokens, got \(count) and \(maximumTokens)"
        )
      }
    }
  }
}
