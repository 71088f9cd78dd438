import DevFTFormats
import DevFTModel

/// IFEval: does an answer follow instructions that a program can check.
///
/// - SeeAlso: Zhou et al., 2023, <https://arxiv.org/abs/2311.07911>; lm-evaluation-harness 0.4.13, `ifeval` version 4.
public struct IFEval: Benchmark {
  /// The task's name.
  public var name: String { "ifeval" }
  /// Number of prompts.
  public var questionCount: Int { prompts.count }
  private let prompts: [InstructedPrompt]
  private let checker: InstructionChecker
  private let options: BenchmarkOptions

  /// Longest answer, in tokens.
  private static let maximumTokens = 1280

  /// Reads prompts.
  ///
  /// - Parameters:
  ///   - path: JSONL with `key`, `prompt`, `instruction_id_list` and `kwargs`.
  ///   - checker: The checks.
  ///   - options: How much of it, and in which form.
  /// - Throws: `FormatError` that names file, line and key.
  public init(path: String, checker: InstructionChecker, options: BenchmarkOptions) throws {
    let all = try JSONRow.all(in: path).map { try InstructedPrompt($0) }
    prompts = options.limited(all) { _ in "" }
    self.checker = checker
    self.options = options
  }

  /// Has the model answer, and checks the answers.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - report: Called with the number of prompts that have been done since the last call.
  /// - Returns: Shares of prompts and of instructions that are followed, strictly and loosely.
  /// - Throws: `FormatError` when the chat template lacks something.
  public func run(
    on model: EvaluatedModel,
    report: (Int) -> Void
  ) throws -> EvaluationResult {
    let asked = try prompts.map { prompt in
      try options.usesChatTemplate
        ? model.chatTokens(of: prompt.text) : model.tokens(of: prompt.text)
    }
    let answers = model.answers(to: asked, .init(maximumTokens: Self.maximumTokens))
    report(prompts.count)
    return InstructionResult(zip(prompts, answers).map { $0.verdict(on: $1, checker) }).result(name)
  }
}
