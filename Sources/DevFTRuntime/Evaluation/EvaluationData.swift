public import DevFTEvaluation
import Foundation

/// A directory with the published files of the benchmarks; `docs/evaluation.md` describes it.
public struct EvaluationData: Sendable {
  /// A file that benchmarks read.
  public enum File: String, CaseIterable, Sendable {
    /// Questions and examples of MMLU.
    case mmlu = "mmlu/mmlu_dev_test.jsonl"
    /// Both multiple-choice forms of TruthfulQA.
    case truthfulQA = "truthfulqa/v1/mc_task.json"
    /// Questions of BIG-Bench Hard.
    case bbh = "bbh/bbh.jsonl"
    /// Its prompts with reasoning.
    case bbhPrompts = "bbh/cot_prompts.jsonl"
    /// Prompts of IFEval.
    case ifEval = "ifeval/input_data.jsonl"
    /// A trained sentence splitter, a directory.
    case punkt = "ifeval/punkt_tab/english"
    /// Language profiles, a directory.
    case languages = "ifeval/langdetect"

    /// What takes its place when it is not there; `nil` when it is needed.
    public var substitute: String? {
      switch self {
      case .punkt: "a short list of abbreviations"
      case .languages: "a guess by script and common words"
      default: nil
      }
    }
  }

  /// The directory.
  public let directory: String

  /// Names a directory.
  ///
  /// - Parameter directory: The directory.
  public init(_ directory: String) { self.directory = directory }

  /// Looks for a file, plain or with `.gz` behind its name.
  ///
  /// - Parameter file: The file.
  /// - Returns: Its path, or `nil` when it is not there.
  public func find(_ file: File) -> String? {
    ["", ".gz"].map { "\(directory)/\(file.rawValue)\($0)" }
      .first { FileManager.default.fileExists(atPath: $0) }
  }

  /// The path of a file.
  ///
  /// - Parameter file: The file.
  /// - Returns: Its path.
  /// - Throws: `RunError` with code `directory` when it is not there.
  public func path(of file: File) throws(RunError) -> String {
    guard let path = find(file) else {
      throw RunError(
        .directory,
        "\(directory)/\(file.rawValue): there is no such file, nor with .gz; "
          + "`devft eval data` shows what is missing"
      )
    }
    return path
  }

  /// The checks of IFEval, with what there is to know of languages.
  ///
  /// - Returns: The checks.
  /// - Throws: `FormatError` when a file is broken.
  public func instructionChecker() throws -> InstructionChecker {
    try InstructionChecker(punkt: find(.punkt), profiles: find(.languages))
  }
}
