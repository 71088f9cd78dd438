import DevFTFormats
import DevFTStages
import DevFTTensor

/// A stage's submodel: embedding, norm and head of the model, and one fused layer a group.
struct FusedWeights: ModelWeights {
  private let base: any ModelWeights
  private let source: AdaptedLayers
  private let groups: LayerGroups
  private let fusion: LayerFusion

  /// Builds a submodel whose layers are fused when they are read.
  ///
  /// - Parameters:
  ///   - base: The full model.
  ///   - submodel: A partition of its layers, how a group becomes one layer, and what is merged before.
  init(_ base: any ModelWeights, _ submodel: SubmodelChoice.Parts) {
    self.base = base
    groups = submodel.groups
    fusion = submodel.fusion
    source = AdaptedLayers(
      base,
      adapter: Array(repeating: NamedTensors(), count: groups.layerCount),
      merged: submodel.merged
    )
  }

  var architecture: ModelArchitecture {
    var architecture = base.architecture
    architecture.layerCount = groups.count
    return architecture
  }

  func tensor(_ name: String) throws -> Tensor {
    guard let (group, parameter) = ModelTensorName.layer(of: name) else {
      return try base.tensor(name)
    }
    return try fusion.fuse(group: groups.members[group], source: source, name: parameter)
  }

  func rows(_ rows: Range<Int>, of name: String) throws -> Tensor {
    guard let (group, parameter) = ModelTensorName.layer(of: name) else {
      return try base.rows(rows, of: name)
    }
    return try fusion.fuse(
      group: groups.members[group],
      source: source,
      name: parameter,
      rows: rows
    )
  }
}
