import DevFTFormats
import DevFTModel
import DevFTStages
import DevFTTensor

/// Builds the submodel of each stage from the model file and the full-depth adapter.
struct StageBuilder {
  let file: any ModelFile
  let ends: any ModelEnds
  let construction: StageConstruction
  let seed: UInt64

  /// Groups the layers.
  ///
  /// - Parameters:
  ///   - stage: Stage from 1.
  ///   - capacity: Layers of the submodel.
  ///   - adapter: Full-depth adapter that the stage starts from.
  ///   - previous: Groups of the stage before, or `nil`.
  ///   - merged: What has been merged into the layers; nothing by default.
  /// - Returns: The groups with their sizes, coefficients and similarity; singletons when the
  ///   capacity is the full depth.
  /// - Throws: When a tensor cannot be read or the layers cannot be grouped so.
  func group(
    stage: Int,
    capacity: Int,
    adapter: [NamedTensors],
    previous: LayerGroups?,
    merged: MergedFactors = .none
  ) throws -> (groups: LayerGroups, report: StageReport) {
    let source = AdaptedLayers(file, adapter: adapter, merged: merged)
    let similarity =
      capacity < source.layerCount && construction.grouping.kind == .dglg
      ? try SimilarityMatrix(of: source, input: construction.grouping.similarity) : nil
    let groups = try groups(
      capacity: capacity,
      similarity: similarity,
      layerCount: source.layerCount,
      previous: previous,
      stage: stage
    )
    let report = try StageReport(
      stage: stage,
      groups: groups,
      fusion: construction.fusion,
      source: source,
      similarity: similarity
    )
    return (groups, report)
  }

  /// Fuses the layers of each group into the submodel of a stage; a layer that is alone in its group
  /// is read as the file has it.
  ///
  /// - Parameters:
  ///   - groups: The groups.
  ///   - merged: What has been merged into the layers that are fused; nothing by default.
  /// - Returns: The submodel.
  /// - Throws: When a tensor cannot be read.
  func model(
    of groups: LayerGroups,
    merged: MergedFactors = .none
  ) throws -> any TrainableModel {
    var digest = LayerDigest()
    return try model(of: groups, merged: merged, digest: &digest)
  }

  /// Fuses the layers, and takes a digest of those that are not as the file has them.
  func model(
    of groups: LayerGroups,
    merged: MergedFactors = .none,
    digest: inout LayerDigest
  ) throws -> any TrainableModel {
    let source = AdaptedLayers(
      file,
      adapter: Array(repeating: NamedTensors(), count: groups.layerCount),
      merged: merged
    )
    let layers = try groups.members.map { members in
      guard members.count > 1 else {
        return try LayerWeights(
          file,
          index: members[0],
          precision: ends.precision,
          weights: ends.weights
        )
      }
      return try representative(of: members, source: source, digest: &digest)
    }
    return ends.model(of: layers)
  }

  /// Numbers of a matrix that are fused at a time.
  private static let partLength = 1 << 20

  private func representative(
    of members: [Int],
    source: AdaptedLayers,
    digest: inout LayerDigest
  ) throws -> LayerWeights {
    var (vectors, matrices): (NamedTensors, [Projection: Matrix]) = (NamedTensors(), [:])
    let fusion = construction.fusion
    for name in source.parameterNames {
      guard let projection = Projection.allCases.first(where: { $0.weightName == name }) else {
        let vector = try fusion.fuse(group: members, source: source, name: name)
        digest.update(vector)
        vectors[name] = vector
        continue
      }
      let shape = try source.shape(of: name)
      var builder = MatrixBuilder(rows: shape[0], columns: shape[1], form: ends.fusedForm)
      try fusion.fuse(
        group: members,
        source: source,
        name: name,
        rowsPerPart: max(1, Self.partLength / shape[1])
      ) { _, part in
        digest.update(part)
        builder.append(part)
      }
      matrices[projection] = builder.matrix
    }
    return LayerWeights(vectors: vectors, matrices: matrices)
  }

  private func groups(
    capacity: Int,
    similarity: SimilarityMatrix?,
    layerCount: Int,
    previous: LayerGroups?,
    stage: Int
  ) throws -> LayerGroups {
    if capacity == layerCount { return .singletons(layerCount: layerCount) }
    let matrix = try similarity ?? SimilarityMatrix(rows: identity(layerCount))
    return try construction.grouping.groups(
      similarity: matrix,
      capacity: capacity,
      previous: previous,
      seed: seed,
      stage: stage
    )
  }

  /// Stands in for the similarity where the grouping does not look at it.
  private func identity(_ count: Int) -> [[Double]] {
    (0..<count).map { row in (0..<count).map { $0 == row ? 1 : 0 } }
  }
}
