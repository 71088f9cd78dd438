public import DevFTModel
public import DevFTTensor

/// Steps of LoRA training on one machine: what a client does in a round, and what `devft train`
/// does alone.
public struct LocalTraining: Sendable {
  /// Steps to take, at least 1.
  public var stepCount: Int
  /// Examples of a batch, at least 1.
  public var batchSize: Int
  /// Learning rate of each step.
  public var schedule: StepSchedule
  /// What makes a step of a gradient.
  public var optimizer: LocalOptimizer
  /// Weight decay, at least 0.
  public var weightDecay: Double
  /// Largest norm of the gradient, or `nil`.
  public var clip: Double?
  /// Learning rate of each tensor, as a factor on the schedule's.
  public var rates: TensorRates
  /// What a step computes twice to save memory.
  public var recomputation: Recomputation

  /// Describes a training.
  ///
  /// - Parameters:
  ///   - stepCount: Steps to take, at least 1.
  ///   - batchSize: Examples of a batch, at least 1.
  ///   - schedule: Learning rate of each step.
  ///   - optimizer: What makes a step of a gradient; AdamW by default.
  ///   - weightDecay: Weight decay; 0 by default.
  ///   - clip: Largest norm of the gradient; 1 by default.
  ///   - rates: Learning rate of each tensor, as a factor; the same for all by default.
  ///   - recomputation: What a step computes twice to save memory; nothing by default.
  public init(
    stepCount: Int,
    batchSize: Int,
    schedule: StepSchedule,
    optimizer: LocalOptimizer = .adamW,
    weightDecay: Double = 0,
    clip: Double? = 1,
    rates: TensorRates = TensorRates(),
    recomputation: Recomputation = .never
  ) {
    self.stepCount = stepCount
    self.batchSize = batchSize
    self.schedule = schedule
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    self.clip = clip
    self.rates = rates
    self.recomputation = recomputation
  }

  /// What one step did.
  public struct Step: Sendable {
    /// Step from 1.
    public var number: Int
    /// Loss of the step's batch before the update.
    public var loss: BatchLoss
    /// Tokens that went through the model, targets or not.
    public var tokenCount: Int
    /// Sum over the sequences of the square of their length, which attention's cost grows with.
    public var squaredLengths: Int
    /// Norm of the gradient before clipping.
    public var gradientNorm: Double
    /// The part of it of each layer; 0 of a frozen one.
    public var layerGradientNorms: [Double]
    /// Learning rate used.
    public var learningRate: Double
  }

  /// Trains an adapter in place.
  ///
  /// - Parameters:
  ///   - adapter: The adapter, one set a layer of the model, or what the rule makes it from; overwritten.
  ///   - frozen: Pairs beside it that stay as they are, one set a layer; none by default.
  ///   - scale: Factor `alpha / rank`.
  ///   - decoder: The model or submodel, a decoder or an encoder.
  ///   - examples: The examples, each with at least one target.
  ///   - stream: Source of the order of examples, or `nil` for file order.
  ///   - rule: What else enters the steps; nothing by default.
  ///   - report: Called after each step.
  /// - Throws: `TrainingError` with code `nonFiniteLoss` or `noExamples`; whatever `report` throws.
  public func run(
    _ adapter: inout [NamedTensors],
    frozen: [NamedTensors] = [],
    scale: Float,
    decoder: any TrainableModel,
    examples: [TokenBatch.Sequence],
    stream: RandomStream?,
    rule: StepRule = StepRule(),
    report: (Step) throws -> Void = { _ in }
  ) throws {
    guard !examples.isEmpty else {
      throw TrainingError(.noExamples, "expected at least one example with a target, found none")
    }
    var order = BatchOrder(
      lengths: examples.map(\.tokens.count),
      batchSize: batchSize,
      stream: stream
    )
    var optimizer = optimizer.make(
      for: rule.trained(adapter),
      weightDecay: weightDecay,
      clip: clip,
      rates: rates
    )
    for step in 0..<stepCount {
      let indices = order.next()
      let batch = TokenBatch(indices.map { examples[$0] })
      // A second reference to the adapter would make the optimizer copy it.
      let generated = rule.generate.map { $0(adapter, indices) }
      let result = decoder.lossAndGradient(
        of: batch,
        adapter: decoder.operands(generated?.adapter ?? adapter, frozen: frozen, scale: scale)
          .followed(by: rule.chain),
        recomputation: recomputation,
        trained: rule.trainedLayers
      )
      guard result.loss.sum.isFinite else {
        throw TrainingError(
          .nonFiniteLoss,
          "the loss of step \(step + 1) is \(result.loss.sum), not a number to train on"
        )
      }
      let rate = schedule.rate(at: step)
      let gradient = result.adapterGradient
      let gradients = rule.adjusted(generated?.pullBack(gradient) ?? gradient, at: adapter)
      let norm = optimizer.step(
        &adapter,
        gradients: gradients,
        learningRate: rate
      )
      guard norm.isFinite else {
        throw TrainingError(.nonFiniteLoss, "the gradient of step \(step + 1) has norm \(norm)")
      }
      rule.correct(&adapter, rate)
      if recomputation == .always { Allocator.releaseFreedMemory() }
      try report(
        Step(
          number: step + 1,
          loss: result.loss,
          tokenCount: batch.tokenCount,
          squaredLengths: batch.squaredLengths,
          gradientNorm: norm,
          layerGradientNorms: gradients.map { DevFTTraining.norm(of: [$0]) },
          learningRate: rate
        )
      )
    }
  }
}
