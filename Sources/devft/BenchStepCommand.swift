import ArgumentParser
import DevFTFormats
import DevFTModel
import DevFTRuntime
import DevFTTensor

/// Speed and memory of training steps.
struct BenchStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Measure LoRA training steps of a model or of a stage's submodel."
  )

  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Layers of the submodel; all without it.")
  var capacity: Int?

  @Option(help: "Sequences of a batch.")
  var batch = 4

  @Option(help: "Tokens of a sequence.")
  var length = 256

  @Option(help: "Rank of the adapter.")
  var rank = 32

  @Option(
    help: "Projections that are adapted, joined by commas.",
    transform: ProjectionList.init(parsing:)
  )
  var targets = ProjectionList(projections: Projection.allCases)

  @Option(help: "Type of the products: f32, bf16 or int8.")
  var precision: Precision = .bfloat16

  @Option(
    help:
      "How the matrices of the file are kept: expanded or stored; by default stored, in int8 expanded."
  )
  var weights: WeightStorage?

  @Flag(help: "Compute activations again in the backward pass instead of keeping them.")
  var recompute = false

  @Option(help: "Timed steps, after one that is not.")
  var steps = 5

  @Option(
    help:
      "JSONL file whose first rows make the batch, answers as targets; made-up tokens without it."
  )
  var data: String?

  @Option(help: "Trainers at the same time, on one copy of the base.")
  var clients = 1

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    for (name, value, least) in [
      ("--batch", batch, 1), ("--length", length, 2), ("--rank", rank, 1), ("--steps", steps, 1),
      ("--clients", clients, 1),
    ] where value < least {
      throw ValidationError("\(name): expected at least \(least), got \(value)")
    }
  }

  func run() throws {
    let benchmark = StepBenchmark(
      capacity: capacity,
      batch: batch,
      length: length,
      adapter: LoRAConfiguration(
        rank: rank,
        alpha: Double(2 * rank),
        targets: targets.projections,
        baseModelName: model
      ),
      precision: precision,
      weights: weights ?? (precision == .int8 ? .expanded : .stored),
      recomputation: recompute ? .always : .never,
      steps: steps,
      data: data,
      clientCount: clients
    )
    let result = try benchmark.run(model: model)
    if json { return try BenchCommand.show(result) }
    print(
      """
      \(Int(result.tokensPerSecond)) tokens/s, \(result.stepSeconds) s a step, \
      \(ByteCountText.text(result.peakByteCount)) at most, \
      \(Int(100 * result.shareOfPeak)) % of the machine's products
      """
    )
  }
}
