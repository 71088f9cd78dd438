public import DevFTFormats
public import DevFTTensor

/// What stands around the layers, shared by the full model and every submodel: embedding, final
/// norm, head and rotary table.
public struct DecoderEnds: Sendable {
  /// Geometry of the full model.
  public let architecture: ModelArchitecture
  /// Type of the products.
  public let precision: Precision
  /// Token embeddings, `[V, D]`.
  let embedding: Matrix
  /// Gain of the final norm, `[D]`.
  let finalGain: Tensor
  /// Output head, `[V, D]`; the embedding itself where the model ties them.
  let head: Matrix
  let rotary: RotaryTable
  let attention: CausalAttention

  /// Reads the ends of a model.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - precision: Type of the products; float32 where bfloat16 is not supported.
  ///   - maximumLength: Longest sequence that will be run, in tokens.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public init(_ file: any ModelFile, precision: Precision, maximumLength: Int) throws {
    architecture = file.architecture
    self.precision = precision.orFallback
    embedding = Matrix(
      try file.tensor(ModelTensorName.embedding),
      precision: self.precision
    )
    finalGain = try file.tensor(ModelTensorName.finalNorm)
    head =
      architecture.tiesEmbeddings
      ? embedding : Matrix(try file.tensor(ModelTensorName.head), precision: self.precision)
    rotary = RotaryTable(
      frequencies: architecture.rotaryFrequencies,
      positionCount: maximumLength
    )
    attention = CausalAttention(
      headCount: architecture.headCount,
      keyValueHeadCount: architecture.keyValueHeadCount,
      headWidth: architecture.headWidth
    )
  }

  /// Longest sequence that can be run, in tokens.
  public var maximumLength: Int { rotary.positionCount }

  var epsilon: Float { Float(architecture.normEpsilon) }

  /// Embeddings of tokens, `[N, D]`.
  func embed(_ tokens: [Int32]) -> Tensor { embedding.gatheredRows(tokens.map(Int.init)) }

  /// Logits of rows of the residual stream, `[N, V]`.
  ///
  /// - Parameter rows: Residual stream after the last layer, `[N, D]`.
  /// - Returns: Logits.
  func logits(_ rows: Tensor) -> Tensor {
    let normalised = rows.rmsNormalised(gain: finalGain, epsilon: epsilon)
    return .product(Matrix(normalised, precision: precision), head, transposingRight: true)
  }
}
