public import DevFTFormats
public import DevFTModel
import DevFTStages
public import DevFTTensor
import DevFTTraining
import Dispatch
import Synchronization

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
  /// JSONL file whose first rows make the batch, answers as targets; `nil` for made-up tokens.
  public var data: String?
  /// Trainers that work at the same time on the same decoder, each with a share of the threads.
  public var clientCount: Int

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
  ///   - data: JSONL file whose first rows make the batch; `nil` for made-up tokens.
  ///   - clientCount: Trainers that work at the same time.
  public init(
    capacity: Int?,
    batch: Int,
    length: Int,
    adapter: DevFTFormats.LoRAConfiguration,
    precision: Precision,
    weights: WeightStorage,
    recomputation: Recomputation,
    steps: Int,
    data: String? = nil,
    clientCount: Int = 1
  ) {
    self.capacity = capacity
    self.batch = batch
    self.length = length
    self.adapter = adapter
    self.precision = precision
    self.weights = weights
    self.recomputation = recomputation
    self.steps = steps
    self.data = data
    self.clientCount = clientCount
  }

  /// Loads the model, builds the submodel as the paper does, and takes the steps.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: What was measured.
  /// - Throws: When the model cannot be read or has fewer layers, and when the loss is not finite.
  public func run(model: String) throws -> StepMeasurement {
    let start = ContinuousClock.now
    let file = try openModelFile(at: try KnownModel.path(of: model))
    let sequences = try sequences(file, model: model)
    let decoder = try decoder(file)
    let startTime = ContinuousClock.now - start
    let clients = try trained(file, decoder: decoder, sequences: sequences)
    let tokenCount = sequences.reduce(0) { $0 + $1.tokens.count }
    let cost = StepCost(
      architecture: file.architecture,
      capacity: decoder.layerCount,
      adapter: adapter,
      precision: precision
    )
    return StepMeasurement(
      tokenCount: clientCount * tokenCount,
      stepSeconds: clients.flatMap(\.seconds),
      firstLoss: clients[0].losses[0],
      startSeconds: startTime / .seconds(1),
      peakByteCount: ProcessMemory.peakByteCount,
      estimatedByteCount: MemoryEstimate(
        cost: cost,
        plan: MemoryPlan(weights: weights, recomputation: recomputation),
        tokenCount: tokenCount
      ).byteCount,
      productOperations: Double(clientCount)
        * cost.productOperations(
          tokenCount: tokenCount,
          targetCount: TokenBatch(sequences).targetCount
        )
    )
  }

  private struct ClientSteps {
    var seconds: [Double] = []
    var losses: [Double] = []
  }

  private func trained(
    _ file: any ModelFile,
    decoder: any TrainableModel,
    sequences: [TokenBatch.Sequence]
  ) throws -> [ClientSteps] {
    guard clientCount > 1 else { return [try steps(file, decoder, sequences)] }
    let results = Mutex<[Result<ClientSteps, any Error>]>([])
    let threads = max(1, Threads.count / clientCount)
    DispatchQueue.concurrentPerform(iterations: clientCount) { _ in
      Threads.count = threads
      let result = Result { try steps(file, decoder, sequences) }
      results.withLock { $0.append(result) }
    }
    return try results.withLock { $0 }.map { try $0.get() }
  }

  private func steps(
    _ file: any ModelFile,
    _ decoder: any TrainableModel,
    _ sequences: [TokenBatch.Sequence]
  ) throws -> ClientSteps {
    var layers = makeAdapter(
      adapter,
      architecture: file.architecture,
      layerCount: decoder.layerCount,
      seed: 7
    )
    var found = ClientSteps()
    var last = ContinuousClock.now
    try training.run(
      &layers,
      scale: Float(adapter.scale),
      decoder: decoder,
      examples: sequences,
      stream: nil
    ) { step in
      found.seconds.append((ContinuousClock.now - last) / .seconds(1))
      found.losses.append(step.loss.mean)
      last = ContinuousClock.now
    }
    found.seconds.removeFirst()
    return found
  }

  private func sequences(_ file: any ModelFile, model: String) throws -> [TokenBatch.Sequence] {
    guard let data else {
      return BenchmarkTokens(vocabularySize: file.architecture.vocabularySize)
        .sequences(batch, length: length)
    }
    let encoder = try LoadedModel(model).encoder(maximumLength: length, overLong: .truncate)
    let examples = Array(try ExamplesReader.examples(in: data).prefix(batch))
    return try encoder.sequences(of: examples, source: data).compactMap(\.self)
  }

  private var training: LocalTraining {
    LocalTraining(
      stepCount: steps + 1,
      batchSize: batch,
      schedule: StepSchedule(shape: .constant, peak: 1e-4, stepCount: steps + 1),
      recomputation: recomputation
    )
  }

  private func decoder(_ file: any ModelFile) throws -> any TrainableModel {
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
    return try builder.model(of: groups.groups)
  }
}
