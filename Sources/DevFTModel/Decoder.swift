public import DevFTFormats
public import DevFTTensor

/// A decoder of the LLaMA family: the full model, or the submodel of a stage.
///
/// A value; its frozen weights are shared by copies. Gradients exist for the adapter alone, which
/// the caller keeps and passes in.
public struct Decoder: Sendable {
  /// Embedding, final norm and head.
  public let ends: DecoderEnds
  /// The layers, lowest first.
  public let layers: [DecoderLayer]

  /// Puts layers between the ends.
  ///
  /// - Parameters:
  ///   - ends: Embedding, final norm and head.
  ///   - layers: The layers, lowest first, at least one.
  public init(ends: DecoderEnds, layers: [DecoderLayer]) {
    precondition(!layers.isEmpty, "a decoder of no layers")
    self.ends = ends
    self.layers = layers
  }

  /// Reads the full model.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - precision: Type of the products.
  ///   - maximumLength: Longest sequence that will be run, in tokens.
  ///   - weights: How the matrices are kept; expanded by default.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public init(
    _ file: any ModelFile,
    precision: Precision,
    maximumLength: Int,
    weights: WeightStorage = .expanded
  ) throws {
    try self.init(
      file,
      ends: DecoderEnds(
        file,
        precision: precision,
        maximumLength: maximumLength,
        weights: weights
      )
    )
  }

  /// Reads layers of the full model between ends that are there already.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - ends: Its embedding, final norm and head.
  ///   - indices: The layers to read, ascending; `nil`, the default: all.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public init(_ file: any ModelFile, ends: DecoderEnds, layers indices: [Int]? = nil) throws {
    let layers = try (indices ?? Array(0..<file.architecture.layerCount)).map { index in
      try DecoderLayer(file, index: index, precision: ends.precision, weights: ends.weights)
    }
    self.init(ends: ends, layers: layers)
  }

  /// The decoder of some of the layers, which keep their weights in common with this one.
  ///
  /// - Parameter indices: The layers, ascending, at least one.
  /// - Returns: Those layers between the same ends.
  public func keeping(_ indices: [Int]) -> Decoder {
    precondition(
      zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 },
      "layers \(indices) do not ascend"
    )
    return Decoder(ends: ends, layers: indices.map { layers[$0] })
  }

  /// The same decoder for sequences of another length; all weights are shared.
  ///
  /// - Parameter maximumLength: Longest sequence that will be run, in tokens.
  /// - Returns: The decoder.
  public func covering(maximumLength: Int) -> Decoder {
    Decoder(ends: ends.covering(maximumLength), layers: layers)
  }

  /// Prepares an adapter for this decoder's products.
  ///
  /// - Parameters:
  ///   - layers: Adapter tensors, one set a layer; empty for the bare base.
  ///   - frozen: Pairs beside them that have no gradients, one set a layer; or none.
  ///   - scale: Factor `alpha / rank`.
  /// - Returns: The operands.
  /// - Precondition: As many sets as the decoder has layers, or none.
  public func operands(
    _ layers: [NamedTensors],
    frozen: [NamedTensors],
    scale: Float
  ) -> AdapterOperands {
    precondition(
      layers.isEmpty || layers.count == self.layers.count,
      "an adapter of \(layers.count) layers for a decoder of \(self.layers.count)"
    )
    return AdapterOperands(layers, frozen: frozen, scale: scale, precision: ends.precision)
  }

  /// Bytes of the frozen matrices, embedding and head included.
  public var byteCount: Int {
    let headBytes = ends.architecture.tiesEmbeddings ? 0 : ends.head.byteCount
    return layers.reduce(ends.embedding.byteCount + headBytes) { $0 + $1.byteCount }
  }
}
