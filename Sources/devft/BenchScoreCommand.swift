import ArgumentParser
import DevFTRuntime
import DevFTTensor

/// Speed of scoring.
struct BenchScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Measure the forward pass with its loss."
  )

  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Sequences of a batch.")
  var batch = 4

  @Option(help: "Tokens of a sequence.")
  var length = 256

  @Option(help: "Type of the products: f32, bf16 or int8.")
  var precision: Precision = .bfloat16

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    guard batch >= 1, length >= 2 else {
      throw ValidationError("--batch: expected at least 1; --length: at least 2")
    }
  }

  func run() throws {
    let result = try ScoringBenchmark(batch: batch, length: length, precision: precision)
      .run(model: model)
    if json { return try BenchCommand.show(result) }
    print("\(Int(result.tokensPerSecond)) tokens/s, loss \(result.loss)")
  }
}
