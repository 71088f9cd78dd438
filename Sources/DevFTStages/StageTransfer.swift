public import DevFTTensor

/// Carries adapters between the submodel of a stage and the full model.
///
/// Only adapters move; the base weights of the full model are never written.
public enum StageTransfer {
  /// Gives every layer of a group the adapter that its representative has learnt.
  ///
  /// `A_j ← A*_g`, `B_j ← B*_g` for every member `j` of group `g`.
  ///
  /// - Parameters:
  ///   - submodel: The submodel's adapter, one set a group.
  ///   - groups: The stage's groups.
  /// - Returns: The full model's adapter, one set a layer, bit for bit the representatives'.
  /// - Throws: `StagesError` with code `layersDiffer` when there is not one set a group.
  /// - SeeAlso: DevFT, knowledge transfer, <https://arxiv.org/abs/2508.00041>.
  public static func fullAdapter(
    from submodel: [NamedTensors],
    groups: LayerGroups
  ) throws(StagesError) -> [NamedTensors] {
    guard submodel.count == groups.count else {
      let came = "expected \(groups.count) layers, one a group; got \(submodel.count)"
      throw StagesError(.layersDiffer, "adapter of the submodel: \(came)")
    }
    return (0..<groups.layerCount).map { submodel[groups.group(of: $0)] }
  }

  /// Builds the adapter that a stage's submodel starts from.
  ///
  /// - Parameters:
  ///   - full: The full model's adapter, one set a layer.
  ///   - groups: The stage's groups.
  ///   - fusion: How members become one.
  /// - Returns: The submodel's adapter, one set a group.
  /// - Throws: `StagesError` with code `layersDiffer` when there is not one set a layer, or when the
  ///   layers' names or shapes differ.
  public static func submodelAdapter(
    from full: [NamedTensors],
    groups: LayerGroups,
    fusion: LayerFusion
  ) throws -> [NamedTensors] {
    guard full.count == groups.layerCount else {
      let came = "expected \(groups.layerCount) layers, got \(full.count)"
      throw StagesError(.layersDiffer, "adapter of the full model: \(came)")
    }
    let source = try LayersInMemory(full)
    return try groups.members.map { try fusion.representative(of: $0, source: source) }
  }
}
