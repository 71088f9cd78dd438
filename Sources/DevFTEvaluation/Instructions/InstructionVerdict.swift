/// Which instructions of a prompt an answer follows.
struct InstructionVerdict: Sendable {
  var prompt: InstructedPrompt
  var answer: String
  /// To the letter.
  var strict: [Bool]
  /// In one of several forms.
  var loose: [Bool]

  /// The verdict as a sample, right when all instructions are followed to the letter.
  var sample: EvaluationSample {
    let marks = zip(prompt.names, strict).map { "\($0)\($1 ? "" : " (not followed)")" }
    func share(_ flags: [Bool]) -> Double { Double(flags.count { $0 }) }
    return EvaluationSample(
      id: prompt.id,
      question: prompt.text,
      expected: marks.joined(separator: ", "),
      answer: answer,
      isRight: strict.allSatisfy { $0 },
      numbers: [
        "instructions": Double(strict.count), "strict": share(strict), "loose": share(loose),
      ]
    )
  }
}

/// The four shares of IFEval.
struct InstructionResult {
  private let verdicts: [InstructionVerdict]

  init(_ verdicts: [InstructionVerdict]) { self.verdicts = verdicts }

  /// The result of a task.
  ///
  /// - Parameter name: The task's name.
  /// - Returns: Shares of prompts and of instructions, strictly and loosely; by kind of instruction the strict ones.
  func result(_ name: String) -> EvaluationResult {
    func metrics(_ kind: String, _ flags: KeyPath<InstructionVerdict, [Bool]>)
      -> [EvaluationResult.Metric]
    {
      let all = verdicts.map { $0[keyPath: flags].allSatisfy { $0 } ? 1.0 : 0 }
      let each = MeanEstimate(
        successes: verdicts.map { $0[keyPath: flags].count { $0 } },
        trials: verdicts.map { $0[keyPath: flags].count }
      )
      return [
        .init("prompt_level_\(kind)_acc", MeanEstimate(all)), .init("inst_level_\(kind)_acc", each),
      ]
    }
    return EvaluationResult(
      task: name,
      metrics: metrics("strict", \.strict) + metrics("loose", \.loose),
      groups: groups,
      samples: verdicts.map(\.sample)
    )
  }

  private var groups: [EvaluationResult.Group] {
    var flags: [String: [Double]] = [:]
    for verdict in verdicts {
      for (name, isFollowed) in zip(verdict.prompt.names, verdict.strict) {
        flags[name, default: []].append(isFollowed ? 1 : 0)
      }
    }
    return flags.sorted { $0.key < $1.key }.map { name, values in
      .init(name: name, metrics: [.init("inst_level_strict_acc", MeanEstimate(values))])
    }
  }
}
