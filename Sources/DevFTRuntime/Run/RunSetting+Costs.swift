import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTStages
import DevFTTensor
import DevFTTraining

extension RunSetting {
  /// The planner's estimate of resident memory with a client's longest batch, in bytes.
  func memoryEstimate(_ cost: StepCost) -> Int { memory(cost).byteCount }

  /// Bytes of a submodel's frozen matrices in memory.
  func baseByteCount(_ cost: StepCost) -> Int { memory(cost).baseByteCount }

  private func memory(_ cost: StepCost) -> MemoryEstimate {
    MemoryEstimate(cost: cost, plan: memoryPlan, tokenCount: longestBatch)
  }

  /// What one training step of a stage's submodel costs a client that runs the most of it.
  ///
  /// - Parameters:
  ///   - capacity: Layers of the submodel.
  ///   - roundCount: Rounds that have merged into the base; none by default.
  /// - Returns: The cost.
  func stepCost(capacity: Int, afterRounds roundCount: Int = 0) -> StepCost {
    let layerCount = model.file.architecture.layerCount
    var cost =
      federation.method.costliestLayers(layerCount: layerCount).map(stepCost)
      ?? StepCost(
        architecture: model.file.architecture,
        capacity: capacity,
        adapter: adapterConfiguration,
        classCount: examples.labels?.count ?? 0,
        precision: ends.precision
      )
    cost.frozenRank = federation.method.mergedRank(
      afterRounds: roundCount,
      clientCount: cohorts.cohortCount,
      rank: adapterConfiguration.rank
    )
    return cost
  }

  /// What one training step of some layers costs.
  func stepCost(_ layers: LayerSelection) -> StepCost {
    StepCost(
      architecture: model.file.architecture,
      layers: layers,
      adapter: adapterConfiguration,
      classCount: examples.labels?.count ?? 0,
      precision: ends.precision
    )
  }

  /// Most adapter bytes that a client of a stage's first two cohorts sends.
  ///
  /// - Parameters:
  ///   - stage: Stage from 1.
  ///   - adapter: Fresh adapter of the full model.
  /// - Returns: Bytes of one client and round.
  func largestUplink(ofStage stage: Int, _ adapter: [NamedTensors]) -> Int {
    let outerCount = adapter.count - model.file.architecture.layerCount
    let layers = adapter.prefix(schedule.capacity(ofStage: stage))
    let state = federation.method.initialState(layers + adapter.suffix(outerCount))
    return schedule.rounds(ofStage: stage).prefix(2).enumerated().reduce(0) { most, round in
      let place = TaskPlace(round: round.element, roundOfStage: round.offset + 1)
      let cohort = cohorts.cohort(round: round.element)
      return max(most, federation.largestUplink(of: cohort, at: place, in: state))
    }
  }
}
