import DevFTFederation
import DevFTStages
import DevFTTensor

/// Adapters as they are measured and written: together with what has been merged into the base.
struct ResultAdapters {
  let bank: FactorBank
  /// Groups of the stage that the bank and the adapters belong to.
  let groups: LayerGroups

  /// Adapters of the submodel, whose fused layers have some of the bank in them already.
  func ofSubmodel(_ adapters: [[NamedTensors]]) -> [[NamedTensors]] {
    adapters.map { FactorBank.joined(bank.layers, $0) }
  }

  /// The submodel's adapters carried to the full model.
  func ofFullModel(_ adapters: [[NamedTensors]]) throws -> [[NamedTensors]] {
    let merged = bank.fullDepth(groups.members)
    return try adapters.map {
      FactorBank.joined(merged, try StageTransfer.fullAdapter(from: $0, groups: groups))
    }
  }
}
