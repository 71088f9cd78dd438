public import DevFTTensor

/// Carries adapters between the submodel of a stage and the full model.
///
/// Only adapters move; the base weights of the full model are never written. A set behind the layers'
/// that holds no low-rank pair belongs to no layer, such as a classification head: it goes on as it is.
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
    let (layers, outer) = split(submodel, layerCount: groups.count)
    guard layers.count == groups.count else {
      let came = "expected \(groups.count) layers, one a group; got \(layers.count)"
      throw StagesError(.layersDiffer, "adapter of the submodel: \(came)")
    }
    return (0..<groups.layerCount).map { layers[groups.group(of: $0)] } + outer
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
    let (layers, outer) = split(full, layerCount: groups.layerCount)
    guard layers.count == groups.layerCount else {
      let came = "expected \(groups.layerCount) layers, got \(layers.count)"
      throw StagesError(.layersDiffer, "adapter of the full model: \(came)")
    }
    let source = try LayersInMemory(layers)
    return try groups.members.map { try fusion.representative(of: $0, source: source) } + outer
  }

  /// The sets of the layers, and the one behind them if there is one.
  private static func split(
    _ sets: [NamedTensors],
    layerCount: Int
  ) -> (layers: [NamedTensors], outer: [NamedTensors]) {
    guard sets.count == layerCount + 1, let last = sets.last,
      !last.names.contains(where: ParameterKind.isAdapter)
    else { return (sets, []) }
    return (Array(sets.dropLast()), [last])
  }
}
