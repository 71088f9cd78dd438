import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTTensor
import DevFTTraining
import Foundation

/// Trains a client on its own share of the sequences.
struct LocalClientTrainer: ClientTrainer {
  let decoder: any TrainableModel
  /// `alpha / rank`.
  let scale: Float
  /// Sequences of a client.
  let share: @Sendable (_ client: Int) -> [TokenBatch.Sequence]
  let local: LocalConfiguration
  /// Says how clients train.
  let method: any FederatedMethod
  /// What a step computes twice to save memory.
  let recomputation: Recomputation
  /// What a step costs over some layers; `nil`: over all.
  let cost: @Sendable (_ layers: LayerSelection?) -> StepCost
  let seed: UInt64
  /// Called after each step.
  let report: @Sendable (_ step: LocalTraining.Step) -> Void

  func train(_ task: ClientTask) throws -> ClientUpdate {
    let start = ContinuousClock.now
    let sequences = share(task.client)
    let training = training(task, exampleCount: sequences.count)
    let rule = method.localRule(for: task)
    var (adapter, rates) = (task.adapter, 0.0)
    var norms = Array(repeating: 0.0, count: adapter.count)
    var (cost, operations) = (cost(task.layers), 0.0)
    cost.rank = cost.adapter.ofRank(of: adapter).rank
    cost.frozenRank = task.bank.isEmpty ? 0 : cost.adapter.ofRank(of: task.bank).rank
    var total = BatchLoss(sum: 0, targetCount: 0)
    var stepRule = StepRule(rule, layers: task.layers)
    stepRule.chain = rule.chain.map {
      AdapterChain($0.adapters, scale: scale, width: cost.architecture.width, weight: $0.weight)
    }
    if rule.trainsHyperNetwork { stepRule.generate = generation(task, sequences) }
    let generationCost =
      rule.trainsHyperNetwork ? HyperNetwork(task.adapter).operationCount : 0
    try training.run(
      &adapter,
      frozen: task.bank,
      scale: scale,
      // The weights of the layers that run are those of the whole decoder.
      decoder: task.layers.map { decoder.keeping($0.present) } ?? decoder,
      examples: sequences,
      stream: RandomStream(
        seed: seed,
        purpose: "batches",
        round: task.round,
        client: task.client
      ),
      rule: stepRule
    ) { step in
      rates += step.learningRate
      for (layer, norm) in step.layerGradientNorms.enumerated() { norms[layer] += norm }
      total.sum += step.loss.sum
      total.targetCount += step.loss.targetCount
      operations += generationCost
      operations += cost.operations(
        tokenCount: step.tokenCount,
        targetCount: step.loss.targetCount,
        squaredLengths: step.squaredLengths
      )
      if rule.chain != nil { operations += Double(step.loss.targetCount) * cost.headOperations }
      report(step)
    }
    let sent = rule.sent(adapter, learningRates: rates)
    let places = task.layers?.trainedPlaces ?? Array(adapter.indices)
    return ClientUpdate(
      client: task.client,
      round: task.round,
      adapter: task.layers?.trained(of: sent.adapter) ?? sent.adapter,
      auxiliary: sent.auxiliary,
      report: TrainingReport(
        exampleCount: sequences.count,
        tokenCount: total.targetCount,
        stepCount: training.stepCount,
        loss: total.mean,
        computeTime: ContinuousClock.now - start,
        operationCount: operations,
        peakByteCount: ProcessMemory.peakByteCount,
        layerGradientNorms: rule.reportsGradientNorms
          ? places.map { norms[$0] / Double(training.stepCount) } : []
      )
    )
  }

  private func training(_ task: ClientTask, exampleCount: Int) -> LocalTraining {
    let batch = task.training.batchExampleCount
    let perEpoch = (exampleCount + batch - 1) / batch
    let stepCount = local.epochs.map { $0 * perEpoch } ?? task.training.stepCount
    return LocalTraining(
      stepCount: stepCount,
      batchSize: batch,
      schedule: StepSchedule(
        shape: .constant,
        peak: task.training.learningRate,
        warmupSteps: local.warmupSteps,
        stepCount: stepCount
      ),
      optimizer: local.optimizer.optimizer,
      weightDecay: local.weightDecay,
      clip: local.clip,
      rates: TensorRates(ratioOfB: local.rateRatioOfB),
      recomputation: recomputation
    )
  }
}

extension StepRule {
  /// The part of a method's rule that enters the steps, over some layers.
  init(_ rule: any LocalRule, layers: LayerSelection?) {
    self.init()
    trainedLayers = layers.map { Set($0.trainedPlaces) }
    trains = rule.trains
    addGradients = { rule.addGradients(to: &$0, at: $1) }
    correct = { rule.correct(&$0, learningRate: $1) }
  }
}
