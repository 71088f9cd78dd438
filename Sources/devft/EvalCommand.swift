import ArgumentParser
import DevFTEvaluation
import DevFTRuntime
import Foundation

/// Benchmarks.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure a model on benchmarks.",
    subcommands: [
      Run.self, EvalDataCommand.self, EvalInstructionsCommand.self, EvalConverseCommand.self,
      EvalJudgeCommand.self,
    ],
    defaultSubcommand: Run.self
  )

  /// Puts the questions of benchmarks to a model.
  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put the questions of benchmarks to a model (the default)."
    )

    @OptionGroup var options: ModelOptions

    @Option(help: "Directory of a PEFT adapter.")
    var adapter: String?

    @Option(help: "Benchmarks, joined by commas: \(EvaluationTask.list).")
    var tasks: String

    @Option(help: "Directory of the benchmarks' files; docs/evaluation.md describes it.")
    var dataDir = "data"

    @Option(help: "JSONL file of one's own, for perplexity and answers; also .gz.")
    var rows: String?

    @Option(help: "First questions of each subject or sub-task only.")
    var limit: Int?

    @Option(help: "Few-shot examples of MMLU and BBH, instead of 5 and 3.")
    var shots: Int?

    @Flag(help: "Put prompts that are answered in text into the model's chat template.")
    var chat = false

    @Option(help: "Most tokens of a sequence; 8192 or the model's context without it.")
    var maxLength: Int?

    @Option(help: "Most tokens of an answer to one's own rows.")
    var maxTokens = 256

    @Option(help: "Directory for samples, summary.json and report.html.")
    var out: String

    func validate() throws {
      if let limit, limit < 1 {
        throw ValidationError("--limit: expected at least 1, got \(limit)")
      }
      if let shots, !(0...64).contains(shots) {
        throw ValidationError("--shots: expected 0 to 64, got \(shots)")
      }
      if let maxLength, !(16...1_048_576).contains(maxLength) {
        throw ValidationError("--max-length: expected 16 to 1048576, got \(maxLength)")
      }
      guard (1...65_536).contains(maxTokens) else {
        throw ValidationError("--max-tokens: expected 1 to 65536, got \(maxTokens)")
      }
    }

    func run() throws {
      let setting = EvaluationRun.Setting(
        model: options.model,
        adapter: adapter,
        precision: options.precision,
        maximumLength: maxLength,
        tasks: try EvaluationTask.tasks(in: tasks),
        data: EvaluationData(dataDir),
        rows: rows,
        options: BenchmarkOptions(limit: limit, shots: shots, usesChatTemplate: chat),
        maximumTokens: maxTokens
      )
      let run = try EvaluationRun(
        setting,
        model: try options.load(),
        directory: RunDirectory(out)
      )
      let results = try run.run(report: EvalDisplay.show)
      EvalDisplay.clear()
      print(EvaluationRun.table(of: results).text)
    }
  }
}
