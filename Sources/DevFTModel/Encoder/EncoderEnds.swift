public import DevFTFormats
public import DevFTTensor

/// What stands around an encoder's layers: the three embeddings with their norm, and the head.
public struct EncoderEnds: ModelEnds {
  /// Geometry of the full model.
  public let architecture: ModelArchitecture
  /// Type of the products.
  public let precision: Precision
  /// How the matrices of the file are kept.
  public let weights: WeightStorage
  /// Token embeddings, `[V, D]`.
  let tokens: Matrix
  /// Embeddings of positions, `[positions, D]`.
  let positions: Tensor
  /// Embeddings of segments, `[types, D]`.
  let types: Tensor
  let norm: LayerNorm
  let head: ClassificationHead
  let attention: PackedAttention
  private let firstPosition: Int

  /// Reads the ends of an encoder.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - precision: Type of the products; float32 where bfloat16 is not supported.
  ///   - weights: How the matrices are kept; expanded by default.
  /// - Throws: `FormatError` when the model is no encoder or a tensor cannot be read.
  public init(
    _ file: any ModelFile,
    precision: Precision,
    weights: WeightStorage = .expanded
  ) throws {
    guard let encoder = file.architecture.encoder else {
      throw FormatError(
        .unsupported,
        path: file.path,
        "expected an encoder (bert, roberta), got \(file.architecture.family)"
      )
    }
    architecture = file.architecture
    self.precision = precision.orFallback
    self.weights = weights
    // Only some rows are read, so that they may stay in the file.
    tokens = Matrix(
      try file.storedRows(EncoderTensorName.tokens),
      precision: self.precision.operands
    )
    positions = try file.tensor(EncoderTensorName.positions)
    types = try file.tensor(EncoderTensorName.types)
    norm = LayerNorm(
      gain: try file.tensor(EncoderTensorName.normGain),
      bias: try file.tensor(EncoderTensorName.normBias),
      epsilon: Float(architecture.normEpsilon)
    )
    head = try ClassificationHead(file, family: encoder.family)
    attention = PackedAttention(
      headCount: architecture.headCount,
      keyValueHeadCount: architecture.headCount,
      headWidth: architecture.headWidth,
      isCausal: false
    )
    firstPosition = encoder.firstPosition
  }

  /// Embeddings of a batch's rows, normalised, `[N, D]`.
  func embed(_ batch: TokenBatch) -> Tensor {
    var rows = tokens.gatheredRows(batch.tokens.map(Int.init))
    rows.add(types.gatheredRows(batch.types.map(Int.init)))
    rows.add(positions.gatheredRows(batch.positions.map { Int($0) + firstPosition }))
    return norm(rows)
  }

  /// Makes an encoder.
  ///
  /// - Parameter layers: The layers, lowest first, at least one.
  /// - Returns: The encoder.
  public func model(of layers: [LayerWeights]) -> any TrainableModel {
    Encoder(
      ends: self,
      layers: layers.map { EncoderLayer($0, epsilon: Float(architecture.normEpsilon)) }
    )
  }
}
