public import DevFTFormats
public import DevFTTensor

/// What stands around the layers, shared by the full model and every submodel: embedding, final
/// norm, head and rotary table.
public struct DecoderEnds: Sendable {
  /// Geometry of the full model.
  public let architecture: ModelArchitecture
  /// Type of the products.
  public let precision: Precision
  /// How the matrices of the file are kept.
  public let weights: WeightStorage
  /// Token embeddings, `[V, D]`.
  let embedding: Matrix
  /// Gain of the final norm, `[D]`.
  let finalGain: Tensor
  /// Output head, `[V, D]`; the embedding itself where the model ties them.
  let head: Matrix
  /// The head for the backward product, as the file has it, where the head itself is int8.
  let gradientHead: Matrix?
  private(set) var rotary: RotaryTable
  let attention: PackedAttention

  /// Reads the ends of a model.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - precision: Type of the products; float32 where bfloat16 is not supported.
  ///   - maximumLength: Longest sequence that will be run, in tokens.
  ///   - weights: How the matrices are kept; expanded by default.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public init(
    _ file: any ModelFile,
    precision: Precision,
    maximumLength: Int,
    weights: WeightStorage = .expanded
  ) throws {
    architecture = file.architecture
    self.precision = precision.orFallback
    self.weights = weights
    // Only some rows of the embedding are read, so that it may stay in the file.
    embedding = Matrix(
      try file.storedRows(ModelTensorName.embedding),
      precision: self.precision.operands
    )
    finalGain = try file.tensor(ModelTensorName.finalNorm)
    let headRows = try file.storedRows(
      architecture.tiesEmbeddings ? ModelTensorName.embedding : ModelTensorName.head
    )
    // An int8 head is a quarter of a small model and read once a block of rows: it is kept.
    head = (self.precision == .int8 ? .expanded : weights).matrix(
      headRows,
      precision: self.precision
    )
    gradientHead =
      self.precision == .int8 ? Matrix(headRows, precision: self.precision.operands) : nil
    rotary = RotaryTable(
      frequencies: architecture.rotaryFrequencies,
      positionCount: maximumLength
    )
    attention = PackedAttention(
      headCount: architecture.headCount,
      keyValueHeadCount: architecture.keyValueHeadCount,
      headWidth: architecture.headWidth
    )
  }

  /// Longest sequence that can be run, in tokens.
  public var maximumLength: Int { rotary.positionCount }

  /// The same ends for sequences of another length; matrices are shared.
  ///
  /// - Parameter maximumLength: Longest sequence that will be run, in tokens.
  /// - Returns: The ends.
  func covering(_ maximumLength: Int) -> DecoderEnds {
    var ends = self
    ends.rotary = RotaryTable(
      frequencies: architecture.rotaryFrequencies,
      positionCount: maximumLength
    )
    return ends
  }

  /// Term of the norms.
  package var epsilon: Float { Float(architecture.normEpsilon) }

  /// Embeddings of tokens, `[N, D]`.
  func embed(_ tokens: [Int32]) -> Tensor { embedding.gatheredRows(tokens.map(Int.init)) }

  /// Logits of rows of the residual stream, `[N, V]`.
  ///
  /// - Parameter rows: Residual stream after the last layer, `[N, D]`.
  /// - Returns: Logits.
  func logits(_ rows: Tensor) -> Tensor {
    let normalised = rows.rmsNormalised(
      gain: finalGain,
      epsilon: epsilon,
      precision: precision.operands
    )
    return .product(normalised, head, transposingRight: true)
  }
}
