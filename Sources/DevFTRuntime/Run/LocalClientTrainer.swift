import DevFTFederation
import DevFTModel
import DevFTTensor
import DevFTTraining
import Foundation

/// Trains a client on its own share of the sequences.
struct LocalClientTrainer: ClientTrainer {
  let decoder: Decoder
  /// `alpha / rank`.
  let scale: Float
  /// Sequences of a client.
  let share: @Sendable (_ client: Int) -> [TokenBatch.Sequence]
  let local: LocalConfiguration
  /// Says how clients train.
  let method: any FederatedMethod
  /// What a step computes twice to save memory.
  let recomputation: Recomputation
  let seed: UInt64
  /// Called after each step.
  let report: @Sendable (_ step: LocalTraining.Step) -> Void

  func train(_ task: ClientTask) throws -> ClientUpdate {
    let start = ContinuousClock.now
    let sequences = share(task.client)
    let training = training(task, exampleCount: sequences.count)
    let rule = method.localRule(for: task)
    var (adapter, rates) = (task.adapter, 0.0)
    var total = BatchLoss(sum: 0, targetCount: 0)
    try training.run(
      &adapter,
      scale: scale,
      decoder: decoder,
      examples: sequences,
      stream: RandomStream(
        seed: seed,
        purpose: "batches",
        round: task.round,
        client: task.client
      ),
      rule: StepRule(rule)
    ) { step in
      rates += step.learningRate
      total.sum += step.loss.sum
      total.targetCount += step.loss.targetCount
      report(step)
    }
    let sent = rule.sent(adapter, learningRates: rates)
    return ClientUpdate(
      client: task.client,
      round: task.round,
      adapter: sent.adapter,
      auxiliary: sent.auxiliary,
      report: TrainingReport(
        exampleCount: sequences.count,
        tokenCount: total.targetCount,
        stepCount: training.stepCount,
        loss: total.mean,
        computeTime: ContinuousClock.now - start,
        peakByteCount: ProcessMemory.peakByteCount
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
      recomputation: recomputation
    )
  }
}

extension StepRule {
  /// The part of a method's rule that enters the steps.
  init(_ rule: any LocalRule) {
    self.init()
    trains = rule.trains
    addGradients = { rule.addGradients(to: &$0, at: $1) }
    correct = { rule.correct(&$0, learningRate: $1) }
  }
}
