import ArgumentParser
import DevFTRuntime
import DevFTTensor

/// Speed of generation.
struct BenchGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Measure how fast a prompt is read and a greedy answer is written."
  )

  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Tokens of the prompt.")
  var promptTokens = 512

  @Option(help: "Tokens of the answer.")
  var tokens = 128

  @Option(help: "Type of the products: f32, bf16 or int8.")
  var precision: Precision = .bfloat16

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    guard promptTokens >= 1, tokens >= 2 else {
      throw ValidationError("--prompt-tokens: expected at least 1; --tokens: at least 2")
    }
  }

  func run() throws {
    let result = try GenerationBenchmark(
      promptTokenCount: promptTokens,
      tokenCount: tokens,
      precision: precision
    ).run(model: model)
    if json { return try BenchCommand.show(result) }
    print(
      "prompt \(Int(result.promptTokensPerSecond)) tokens/s, "
        + "answer \(Int(result.generatedTokensPerSecond)) tokens/s"
    )
  }
}
