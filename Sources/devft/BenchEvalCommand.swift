import ArgumentParser
import DevFTRuntime
import DevFTTensor

/// Speed of a benchmark.
struct BenchEvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measure how many questions of MMLU are scored in a second, five examples each."
  )

  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Directory of the benchmarks' files; docs/evaluation.md describes it.")
  var dataDir = "data"

  @Option(help: "First questions of each subject only.")
  var limit: Int?

  @Option(help: "Type of the products: f32, bf16 or int8.")
  var precision: Precision = .bfloat16

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 {
      throw ValidationError("--limit: expected at least 1, got \(limit)")
    }
  }

  func run() throws {
    let data = EvaluationData(dataDir)
    let result = try EvaluationBenchmark(data: data, limit: limit, precision: precision)
      .run(model: model)
    if json { return try BenchCommand.show(result) }
    print(
      "\(result.questions) questions in \(NumberText.fixed(result.seconds, decimals: 2)) s: "
        + "\(NumberText.fixed(result.questionsPerSecond, decimals: 2)) a second, accuracy "
        + NumberText.fixed(result.accuracy, decimals: 4)
    )
  }
}
