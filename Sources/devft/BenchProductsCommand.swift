import ArgumentParser
import DevFTRuntime
import DevFTTensor

/// Speed of matrix products.
struct BenchProductsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Measure the matrix products of a training step, shape by shape."
  )

  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Rows of the left operands: tokens of a step.")
  var rows = 1024

  @Option(help: "Rank of the adapter.")
  var rank = 32

  @Option(help: "Type of the products: f32, bf16 or int8.")
  var precision: Precision = .bfloat16

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    guard rows >= 1, rank >= 1 else {
      throw ValidationError("--rows and --rank: expected at least 1")
    }
  }

  func run() throws {
    let benchmark = ProductBenchmark(rows: rows, rank: rank, precision: precision)
    let results = try benchmark.run(model: model)
    if json { return try BenchCommand.show(results) }
    let rows = results.map { result in
      [
        result.name, result.shape.map { "\($0)" }.joined(separator: " × "),
        "\(Int(result.gflops.rounded()))",
      ]
    }
    print(TextTable(head: ["product", "rows × inner × columns", "GFLOP/s"], rows: rows).text)
  }
}
