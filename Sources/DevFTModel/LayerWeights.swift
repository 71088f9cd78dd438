public import DevFTFormats
public import DevFTTensor

/// The frozen tensors of one layer, read or fused, before they become a layer.
public struct LayerWeights: Sendable {
  /// Norm gains and biases, by their names within the layer.
  public var vectors: NamedTensors
  /// Weights `[out, in]` of each projection.
  public var matrices: [Projection: Matrix]

  /// Collects a layer's tensors.
  ///
  /// - Parameters:
  ///   - vectors: Norm gains and biases.
  ///   - matrices: Weights `[out, in]` of each projection.
  public init(vectors: NamedTensors, matrices: [Projection: Matrix]) {
    self.vectors = vectors
    self.matrices = matrices
  }

  /// Reads a layer of a model file.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - index: The layer, from 0.
  ///   - precision: Type of the products; norms stay float32.
  ///   - weights: How the matrices are kept.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public init(
    _ file: any ModelFile,
    index: Int,
    precision: Precision,
    weights: WeightStorage
  ) throws {
    var (matrices, vectors): ([Projection: Matrix], NamedTensors) = ([:], NamedTensors())
    for projection in file.architecture.projections {
      let name = ModelTensorName.inLayer(index, projection.weightName)
      matrices[projection] = weights.matrix(try file.storedRows(name), precision: precision)
    }
    for (name, shape) in file.architecture.layerTensorShapes where shape.count == 1 {
      vectors[name] = try file.tensor(ModelTensorName.inLayer(index, name))
    }
    self.init(vectors: vectors, matrices: matrices)
  }
}
