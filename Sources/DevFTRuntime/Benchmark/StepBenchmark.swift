public import DevFTFormats
public import DevFTModel
import DevFTStages
public import DevFTTensor
import DevFTTraining

/// Speed and memory of LoRA training steps at one capacity.
public struct StepBenchmark: Sendable {
  /// Layers of the submodel; `nil` for the whole model.
  public var capacity: Int?
  /// Sequences of a batch, at least 1.
  public var batch: Int
  /// Tokens of each sequence, at least 2.
  public var length: Int
  /// Rank and targets of the adapter.
  public var adapter: DevFTFormats.LoRAConfiguration
  /// Type of the products.
  public var precision: Precision
  /// How the matrices of the file are kept.
  public var weights: WeightStorage
  /// What a step computes twice to save memory.
  public var recomputation: Recomputation
  /// Steps that are timed, after one that is not.
  public var steps: Int

  /// Describes a benchmark.
  ///
  /// - Parameters:
  ///   - capacity: Layers of the submodel; `nil` for the whole model.
  ///   - batch: Sequences of a batch, at least 1.
  ///   - length: Tokens of each sequence, at least 2.
  ///   - adapter: Rank and targets of the adapter.
  ///   - precision: Type of the products.
  ///   - weights: How the matrices of the file are kept.
  ///   - recomputation: What a step computes twice to save memory.
  ///   - steps: Steps that are timed, at least 1, after one that is not.
  public init(
    capacity: Int?,
    batch: Int,
    length: Int,
    adapter: DevFTFormats.LoRAConfiguration,
    precision: Precision,
    weights: WeightStorage,
    recomputation: Recomputation,
    steps: Int
  ) {
    self.capacity = capacity
    self.batch = batch
    self.length = length
    self.adapter = adapter
    self.precision = precision
    self.weights = weights
    self.recomputation = recomputation
    self.steps = steps
  }

  /// Loads the model, builds the submodel as the paper does, and takes the steps.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: What was measured.
  /// - Throws: When the model cannot be read or has fewer layers, and when the loss is not finite.
  public func run(model: String) throws -> StepMeasurement {
    let start = ContinuousClock.now
    let file = try openModelFile(at: try KnownModel.path(of: model))
    let decoder = try decoder(file)
    var layers = makeAdapter(
      adapter,
      architecture: file.architecture,
      layerCount: decoder.layers.count,
      seed: 7
    )
    let tokens = BenchmarkTokens(vocabularySize: file.architecture.vocabularySize)
    let startTime = ContinuousClock.now - start
    var (seconds, losses): ([Double], [Double]) = ([], [])
    var last = ContinuousClock.now
    try training.run(
      &layers,
      scale: Float(adapter.scale),
      decoder: decoder,
      examples: tokens.sequences(batch, length: length),
      stream: nil
    ) { step in
      seconds.append((ContinuousClock.now - last) / .seconds(1))
      losses.append(step.loss.mean)
      last = ContinuousClock.now
    }
    return StepMeasurement(
      tokenCount: batch * length,
      stepSeconds: Array(seconds.dropFirst()),
      firstLoss: losses[0],
      startSeconds: startTime / .seconds(1),
      peakByteCount: ProcessMemory.peakByteCount,
      productOperations: cost(file, capacity: decoder.layers.count).productOperations(
        tokenCount: batch * length,
        targetCount: batch * (length - 1)
      )
    )
  }

  private var training: LocalTraining {
    LocalTraining(
      stepCount: steps + 1,
      batchSize: batch,
      schedule: StepSchedule(shape: .constant, peak: 1e-4, stepCount: steps + 1),
      recomputation: recomputation
    )
  }

  private func decoder(_ file: any ModelFile) throws -> Decoder {
    let ends = try DecoderEnds(
      file,
      precision: precision,
      maximumLength: length,
      weights: weights
    )
    let layerCount = file.architecture.layerCount
    guard let capacity, capacity != layerCount else { return try Decoder(file, ends: ends) }
    guard (1...layerCount).contains(capacity) else {
      throw RunError(
        .unsupported,
        "--capacity: expected 1 to \(layerCount), the model's layers, got \(capacity)"
      )
    }
    let builder = StageBuilder(
      file: file,
      ends: ends,
      construction: StageConstruction(.paper),
      seed: 7
    )
    let adapter = [NamedTensors](repeating: NamedTensors(), count: layerCount)
    let groups = try builder.group(stage: 1, capacity: capacity, adapter: adapter, previous: nil)
    return try builder.decoder(of: groups.groups)
  }

  private func cost(_ file: any ModelFile, capacity: Int) -> StepCost {
    StepCost(
      architecture: file.architecture,
      capacity: capacity,
      adapter: adapter,
      precision: precision
    )
  }
}
