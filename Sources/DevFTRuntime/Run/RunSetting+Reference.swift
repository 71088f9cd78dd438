import DevFTFederation
import DevFTStages
import DevFTTensor

extension RunSetting {
  /// The adapter that seed and groups alone make, where differences to it travel: server and clients make
  /// it each for itself.
  ///
  /// - Parameters:
  ///   - groups: The layer groups of the stage.
  ///   - fusion: How members become one; as the run's construction says by default.
  /// - Returns: One set a layer of the submodel; nothing where no differences travel to clients.
  /// - Throws: `StagesError` when the groups do not fit the model.
  func reference(
    of groups: LayerGroups,
    fusion: LayerFusion? = nil
  ) throws -> [NamedTensors] {
    guard federation.wire.down.isDifference else { return [] }
    return try StageTransfer.submodelAdapter(
      from: federation.method.initialState(freshAdapter(layerCount: groups.layerCount)).global,
      groups: groups,
      fusion: fusion ?? builder.construction.fusion
    )
  }
}
