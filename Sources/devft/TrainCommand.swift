public import ArgumentParser
import DevFTFormats
import DevFTModel
import DevFTRuntime
import DevFTTensor
public import DevFTTraining
import Foundation

/// Training on one machine, without a federation.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train an adapter on one machine, without a federation."
  )

  @OptionGroup var options: ModelOptions

  @Option(help: "JSONL file, also .gz.")
  var data: String

  @Option(help: "Directory of a PEFT adapter to start from; rank, alpha and targets are its own.")
  var initAdapter: String?

  @Option(help: "Steps.")
  var steps = 100

  @Option(help: "Examples of a batch.")
  var batch = 8

  @Option(name: .customLong("lr"), help: "Highest learning rate.")
  var learningRate = 2e-4

  @Option(help: "Learning rate of B over that of A; LoRA+ has more than 1.")
  var bRateRatio = 1.0

  @Option(help: "Learning rate over the steps: constant, cosine or linear.")
  var schedule: StepSchedule.Shape = .constant

  @Option(help: "Steps over which the learning rate climbs.")
  var warmup = 0

  @Option(help: "Weight decay.")
  var weightDecay = 0.0

  @Option(help: "Largest norm of the gradient; 0 never clips.")
  var clip = 1.0

  @Option(
    help: "Projections that are adapted, joined by commas: q,k,v,o,gate,up,down; q,v without it.",
    transform: ProjectionList.init(parsing:)
  )
  var targets: ProjectionList?

  @Option(help: "How the matrices of the file are kept: expanded or stored.")
  var weights: WeightStorage = .expanded

  @Flag(help: "Compute activations again in the backward pass instead of keeping them.")
  var recompute = false

  @Option(help: "Rank of the adapter; 32 without it.")
  var rank: Int?

  @Option(help: "Alpha of the adapter, 64 without it; the correction is scaled by alpha / rank.")
  var alpha: Double?

  @Option(help: "Most tokens of an example, 512 without it; longer ones are refused.")
  var maxLength: Int?

  @Option(help: "Seed of every random draw.")
  var seed: UInt64 = 7

  @Flag(help: "Take examples in the order of the file, wrapping round.")
  var noShuffle = false

  @Flag(help: "Print one line of JSON a step.")
  var json = false

  @Option(name: .customLong("out"), help: "Directory that the adapter is written to.")
  var output: String

  func validate() throws {
    for (name, value, limit) in [
      ("--steps", steps, 1_000_000), ("--batch", batch, 65_536),
      ("--rank", rank ?? 1, 65_536),
    ] where !(1...limit).contains(value) {
      throw ValidationError("\(name): expected 1 to \(limit), got \(value)")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--lr: expected a number above 0, got \(learningRate)")
    }
    guard bRateRatio > 0, bRateRatio.isFinite else {
      throw ValidationError("--b-rate-ratio: expected a number above 0, got \(bRateRatio)")
    }
    if let alpha, !(alpha > 0 && alpha.isFinite) {
      throw ValidationError("--alpha: expected a number above 0, got \(alpha)")
    }
    guard clip >= 0, weightDecay >= 0, warmup >= 0, (2...1_048_576).contains(maxLength ?? 2) else {
      throw ValidationError(
        "--clip, --weight-decay and --warmup: expected at least 0; --max-length: 2 to 1048576"
      )
    }
  }

  func run() throws {
    try checkOutput()
    let model = try options.load()
    let length = try model.length(maxLength, standard: 512, key: "--max-length")
    let encoder = model.encoder(maximumLength: length, overLong: .error)
    let examples = try encoder.sequences(
      of: try ExamplesReader.examples(in: data),
      source: data
    ).compactMap(\.self)
    let start = try startingAdapter(model)
    let decoder = try model.decoder(
      precision: options.precision,
      maximumLength: length,
      weights: weights
    )
    var layers = start.layers
    let clock = StepClock(isJSON: json, stepCount: steps)
    try training.run(
      &layers,
      scale: Float(start.configuration.scale),
      decoder: decoder,
      examples: examples,
      stream: noShuffle ? nil : RandomStream(seed: seed, purpose: "batches"),
      report: clock.report
    )
    try PEFTAdapter(configuration: start.configuration, layers: layers).write(to: output)
    if !json { print("adapter written to \(output)") }
  }

  /// Before hours of training rather than after them.
  private func checkOutput() throws {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: output, isDirectory: &isDirectory)
    guard !exists || isDirectory.boolValue else {
      throw RunError(.directory, "\(output): expected a directory for the adapter, found a file")
    }
  }

  private var training: LocalTraining {
    LocalTraining(
      stepCount: steps,
      batchSize: batch,
      schedule: StepSchedule(
        shape: schedule,
        peak: learningRate,
        warmupSteps: warmup,
        stepCount: steps
      ),
      weightDecay: weightDecay,
      clip: clip == 0 ? nil : clip,
      rates: TensorRates(ratioOfB: bRateRatio),
      recomputation: recompute ? .always : .never
    )
  }

  private func startingAdapter(_ model: LoadedModel) throws -> PEFTAdapter {
    if let initAdapter {
      let adapter = try model.adapter(initAdapter)
      try check(adapter.configuration)
      return adapter
    }
    let rank = rank ?? 32
    try model.check(rank: rank, key: "--rank")
    let configuration = LoRAConfiguration(
      rank: rank,
      alpha: alpha ?? 64,
      targets: targets?.projections ?? [.q, .v],
      baseModelName: options.model
    )
    return try PEFTAdapter(
      configuration: configuration,
      layers: makeAdapter(
        configuration,
        architecture: model.file.architecture,
        layerCount: model.file.architecture.layerCount,
        seed: seed
      )
    )
  }
}

extension TrainCommand {
  /// Refuses what differs from the adapter that training starts from.
  private func check(_ own: LoRAConfiguration) throws {
    let asked = [
      ("--rank", rank.map { "\($0)" }, "\(own.rank)"),
      ("--alpha", alpha.map { "\($0)" }, "\(own.alpha)"),
      ("--targets", targets.map { Self.text($0.projections) }, Self.text(own.targets)),
    ]
    for (key, wish, found) in asked where wish != nil && wish != found {
      throw RunError(
        .unsupported,
        "\(key): expected \(found), as the adapter has in \(initAdapter ?? ""), got \(wish ?? "")"
      )
    }
  }

  private static func text(_ projections: [Projection]) -> String {
    projections.map(\.rawValue).sorted().joined(separator: ",")
  }
}

extension StepSchedule.Shape: ExpressibleByArgument {}
