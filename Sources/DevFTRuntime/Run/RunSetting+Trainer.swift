import DevFTFederation
import DevFTModel
import DevFTTraining

extension RunSetting {
  /// Trains the clients of this process on a stage's submodel.
  ///
  /// - Parameters:
  ///   - model: The submodel.
  ///   - report: Called after each step.
  /// - Returns: The trainer.
  func trainer(
    of model: any TrainableModel,
    report: @escaping @Sendable (_ step: LocalTraining.Step) -> Void
  ) -> LocalClientTrainer {
    // A client on its own machine has a number, yet holds the only share.
    let (shares, isAlone) = (shares, role != .whole)
    return LocalClientTrainer(
      decoder: model,
      scale: scale,
      share: { shares[isAlone ? 0 : $0] },
      local: configuration.local,
      method: federation.method,
      recomputation: memoryPlan.recomputation,
      cost: { [self, capacity = model.layerCount] layers in
        layers.map(stepCost) ?? stepCost(capacity: capacity)
      },
      seed: configuration.seed,
      report: report
    )
  }
}
