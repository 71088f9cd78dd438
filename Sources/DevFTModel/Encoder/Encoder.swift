public import DevFTFormats
public import DevFTTensor

/// An encoder of the BERT family with a classification head: the full model, or the submodel of a stage.
///
/// What is trained comes as one set a layer, and one more for the head. A value; its frozen weights are
/// shared by copies.
public struct Encoder: TrainableModel {
  /// Embeddings and head.
  public let ends: EncoderEnds
  /// The layers, lowest first.
  public let layers: [EncoderLayer]

  /// Puts layers between the ends.
  ///
  /// - Parameters:
  ///   - ends: Embeddings and head.
  ///   - layers: The layers, lowest first, at least one.
  public init(ends: EncoderEnds, layers: [EncoderLayer]) {
    precondition(!layers.isEmpty, "an encoder of no layers")
    self.ends = ends
    self.layers = layers
  }

  /// Reads the full model.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - precision: Type of the products.
  ///   - weights: How the matrices are kept; expanded by default.
  /// - Throws: `FormatError` when the model is no encoder or a tensor cannot be read.
  public init(
    _ file: any ModelFile,
    precision: Precision,
    weights: WeightStorage = .expanded
  ) throws {
    let ends = try EncoderEnds(file, precision: precision, weights: weights)
    self.init(
      ends: ends,
      layers: try (0..<file.architecture.layerCount).map { index in
        EncoderLayer(
          try LayerWeights(file, index: index, precision: ends.precision, weights: weights),
          epsilon: Float(file.architecture.normEpsilon)
        )
      }
    )
  }

  /// Layers of the encoder.
  public var layerCount: Int { layers.count }

  /// The encoder of some of the layers, which keep their weights in common with this one.
  ///
  /// - Parameter indices: The layers, ascending, at least one.
  /// - Returns: Those layers between the same ends.
  public func keeping(_ indices: [Int]) -> Encoder {
    precondition(
      zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 },
      "layers \(indices) do not ascend"
    )
    return Encoder(ends: ends, layers: indices.map { layers[$0] })
  }

  /// Prepares trained tensors for this encoder's products.
  ///
  /// - Parameters:
  ///   - layers: One set a layer, possibly empty, and the head's.
  ///   - frozen: Pairs beside them that have no gradients, as many sets, the last one empty; or none.
  ///   - scale: Factor `alpha / rank`.
  /// - Returns: The operands.
  /// - Precondition: One set more than the encoder has layers.
  public func operands(
    _ layers: [NamedTensors],
    frozen: [NamedTensors],
    scale: Float
  ) -> AdapterOperands {
    precondition(
      layers.count == layerCount + 1,
      "\(layers.count) sets for an encoder of \(layerCount) layers and a head"
    )
    return AdapterOperands(layers, frozen: frozen, scale: scale, precision: ends.precision)
  }
}
