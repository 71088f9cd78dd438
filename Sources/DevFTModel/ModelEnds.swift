public import DevFTFormats
public import DevFTTensor

/// What stands around the layers of a model, shared by the full model and every submodel.
public protocol ModelEnds: Sendable {
  /// Geometry of the full model.
  var architecture: ModelArchitecture { get }
  /// Type of the products.
  var precision: Precision { get }
  /// How the matrices of the file are kept.
  var weights: WeightStorage { get }

  /// Puts layers between the ends.
  ///
  /// - Parameter layers: The layers, lowest first, at least one.
  /// - Returns: The model.
  func model(of layers: [LayerWeights]) -> any TrainableModel
}

extension ModelEnds {
  /// What matrices that no file has, fused from several, are kept as.
  package var fusedForm: MatrixBuilder.Form {
    weights == .stored && precision != .int8 ? .blocks(precision) : .numbers(precision)
  }

  /// Reads the full model.
  ///
  /// - Parameter file: The model that the ends were read from.
  /// - Returns: The model.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public func model(_ file: any ModelFile) throws -> any TrainableModel {
    model(
      of: try (0..<file.architecture.layerCount).map { index in
        try LayerWeights(file, index: index, precision: precision, weights: weights)
      }
    )
  }
}

extension DecoderEnds: ModelEnds {
  /// Makes a decoder.
  ///
  /// - Parameter layers: The layers, lowest first, at least one.
  /// - Returns: The decoder.
  public func model(of layers: [LayerWeights]) -> any TrainableModel {
    Decoder(
      ends: self,
      layers: layers.map {
        DecoderLayer(vectors: $0.vectors, matrices: $0.matrices, epsilon: epsilon)
      }
    )
  }
}
