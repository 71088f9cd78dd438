import DevFTFederation
import DevFTFormats
import DevFTModel
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
  func stepCost(capacity: Int) -> StepCost {
    let layers = federation.method.costliestLayers(layerCount: model.file.architecture.layerCount)
    if let layers { return stepCost(layers) }
    return StepCost(
      architecture: model.file.architecture,
      capacity: capacity,
      adapter: adapterConfiguration,
      classCount: examples.labels?.count ?? 0,
      precision: ends.precision
    )
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
}
