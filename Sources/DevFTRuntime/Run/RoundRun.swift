import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTStages
import DevFTTensor
import Foundation

/// One round: cohort, local training, aggregation, measurement, record, checkpoint.
struct RoundRun {
  let simulation: Simulation
  let stage: Int
  let groups: LayerGroups
  let decoder: any TrainableModel
  let link: any ServerLink
  /// What clients make for themselves of seed and groups: the adapter before any training.
  let reference: [NamedTensors]

  private var setting: RunSetting { simulation.setting }
  private var local: LocalConfiguration { setting.configuration.local }

  /// Runs the next round.
  ///
  /// - Parameter progress: Where the run stands; one round further afterwards.
  /// - Throws: When too many rounds in a row were skipped or the run directory cannot be written.
  func run(_ progress: inout RunProgress) throws {
    let round = progress.round + 1
    let cohort = setting.cohorts.cohort(round: round)
    let rate = setting.learningRates.rate(round: round)
    let plan = RoundPlan(
      round: round,
      stage: stage,
      firstRoundOfStage: setting.schedule.rounds(ofStage: stage).lowerBound,
      lastRounds: progress.lastRounds,
      cohort: cohort,
      training: LocalTrainingTask(
        learningRate: rate,
        stepCount: local.steps,
        batchExampleCount: local.batch
      ),
      shipments: shipments(to: cohort, supplied: &progress.supplied),
      reference: reference
    )
    let outcome = try setting.federation.runRound(plan, from: progress.state, over: link)
    progress.state = outcome.state
    progress.round = round
    var record = record(of: outcome, round: round, cohort: cohort, rate: rate)
    try measure(&record, &progress)
    progress.records.append(record)
    try simulation.directory.write(progress.records)
    try Checkpoint(round: round, state: progress.state).save(in: simulation.directory)
    simulation.report(.round(record))
    try checkSkips(in: progress.records, outcome.skipReason)
  }

  /// Stops a run whose clients are all gone.
  private func checkSkips(in records: [RoundRecord], _ reason: FederationError?) throws {
    guard let reason else { return }
    let most = setting.configuration.federation.maxSkippedRounds
    let count = records.reversed().prefix { $0.skipped != nil }.count
    guard count >= most else { return }
    throw FederationError(
      reason.code,
      "\(reason.message); \(count) rounds in a row were skipped, of at most "
        + "federation.max_skipped_rounds, which is \(most)"
    )
  }

  /// What clients get that see the stage for the first time.
  ///
  /// It is the map of the layer groups, one byte a layer and one for the stage: devices hold the base
  /// themselves and fuse it by the map.
  private func shipments(to cohort: [Int], supplied: inout Set<Int>) -> [Int: Traffic] {
    guard setting.configuration.stages != nil else { return [:] }
    let fresh = cohort.filter { !supplied.contains($0) }
    supplied.formUnion(fresh)
    let map = Traffic(aux: groups.layerCount + 1)
    return Dictionary(uniqueKeysWithValues: fresh.map { ($0, map) })
  }

  private func record(
    of outcome: RoundOutcome,
    round: Int,
    cohort: [Int],
    rate: Double
  ) -> RoundRecord {
    let errors = outcome.aggregationErrors.map(\.relative)
    let selections = outcome.layers.values.map(setting.stepCost)
    let costs =
      selections.isEmpty
      ? [setting.stepCost(capacity: decoder.layerCount, afterRounds: round - 1)] : selections
    return RoundRecord(
      round: round,
      stage: stage,
      capacity: costs.map(\.capacity).max() ?? 0,
      cohort: cohort,
      learningRate: rate,
      loss: outcome.loss,
      skipped: outcome.skipReason?.message,
      bytes: outcome.meters.traffic,
      computeSeconds: outcome.meters.computeTime.inSeconds,
      serverSeconds: outcome.meters.serverTime.inSeconds,
      transferSeconds: outcome.meters.transferTime.inSeconds,
      operations: outcome.meters.operationCount,
      roundSeconds: outcome.meters.roundTime?.inSeconds,
      targetTokens: outcome.reports.values.reduce(0) { $0 + $1.tokenCount },
      clients: outcome.meters.clients,
      layers: outcome.layers.isEmpty ? nil : outcome.layers,
      estimatedBytes: costs.map(setting.memoryEstimate).max() ?? 0,
      peakBytes: ProcessMemory.peakByteCount,
      aggregationError: errors.isEmpty ? 0 : errors.reduce(0, +) / Double(errors.count),
      bank: BankRecord(outcome),
      lateness: outcome.lateness.isEmpty ? nil : outcome.lateness,
      rejected: outcome.rejected.map(\.description),
      failed: outcome.failures.map(\.description)
    )
  }

  /// Measures the full-depth model when its turn has come, and both models at a stage's end.
  private func measure(_ record: inout RoundRecord, _ progress: inout RunProgress) throws {
    let every = setting.configuration.eval.every
    let isStageEnd = record.round == setting.schedule.rounds(ofStage: stage).upperBound
    guard isStageEnd || (every > 0 && record.round % every == 0) else { return }
    let method = setting.federation.method
    let adapters = method.evaluated(in: progress.state)
    let results = ResultAdapters(bank: progress.state.bank, groups: groups)
    let full = try results.ofFullModel(adapters)
    let result = try simulation.evaluation.fullResult(of: full)
    record.heldOutLoss = result?.loss
    record.heldOutAccuracy = result?.accuracy
    record.benchmarks = try simulation.evaluation.benchmarks(of: full)
    let isFull = groups.count == groups.layerCount
    record.submodelLoss =
      isFull
      ? record.heldOutLoss
      : try simulation.evaluation.loss(of: results.ofSubmodel(adapters), on: decoder)
    let others = method.otherResults(in: progress.state)
    record.otherLosses =
      try others.isEmpty
      ? nil
      : others.compactMapValues { adapters in
        try simulation.evaluation.fullLoss(of: results.ofFullModel(adapters))
      }
    guard let loss = record.heldOutLoss else { return }
    simulation.report(.evaluation(round: record.round, loss: loss))
    // Personal adapters have no best one among them, and a skipped round made none.
    guard record.skipped == nil, loss < progress.bestLoss, full.count == 1, let best = full.first,
      method.personalAdapters(in: progress.state).isEmpty
    else { return }
    progress.bestLoss = loss
    try setting.peftAdapter(best).write(to: simulation.directory.path("best"))
  }
}
