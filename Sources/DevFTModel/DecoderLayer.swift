public import DevFTFormats
public import DevFTTensor

/// One decoder layer with its weights frozen, in the precision of the products.
///
/// `m = x + o(attention(norm₁(x)))`, `y = m + down(silu(gate(norm₂(m))) · up(norm₂(m)))`.
public struct DecoderLayer: Sendable {
  let attention: AttentionBlock
  let feedForward: FeedForwardBlock

  /// Takes a layer's tensors.
  ///
  /// - Parameters:
  ///   - vectors: `input_layernorm.weight`, `post_attention_layernorm.weight`, and biases if any.
  ///   - matrices: Weights `[out, in]` of each projection.
  ///   - epsilon: Term of the norms.
  /// - Precondition: No tensor is missing.
  public init(vectors: NamedTensors, matrices: [Projection: Matrix], epsilon: Float) {
    func linear(_ site: LinearSite) -> LinearGroup {
      LinearGroup(site, matrices: matrices, vectors: vectors)
    }
    func norm(_ name: String) -> BlockNorm {
      guard let gain = vectors[name], let precision = matrices[.q]?.precision.operands else {
        preconditionFailure("the layer has no \(name)")
      }
      return BlockNorm(gain: gain, epsilon: epsilon, precision: precision)
    }
    attention = AttentionBlock(
      norm: norm(ModelTensorName.attentionNorm),
      input: linear(.attentionInput),
      output: linear(.attentionOutput)
    )
    feedForward = FeedForwardBlock(
      norm: norm(ModelTensorName.feedForwardNorm),
      input: linear(.feedForwardInput),
      output: linear(.feedForwardOutput)
    )
  }

  /// Takes a layer's tensors from memory.
  ///
  /// - Parameters:
  ///   - tensors: `self_attn.q_proj.weight` and its like, `input_layernorm.weight` and
  ///     `post_attention_layernorm.weight`.
  ///   - epsilon: Term of the norms.
  ///   - precision: Type of the products; norms stay float32.
  /// - Precondition: No tensor is missing.
  public init(_ tensors: NamedTensors, epsilon: Float, precision: Precision) {
    var matrices: [Projection: Matrix] = [:]
    for projection in Projection.allCases {
      matrices[projection] = tensors[projection.weightName].map {
        Matrix($0, precision: precision)
      }
    }
    self.init(vectors: tensors, matrices: matrices, epsilon: epsilon)
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
    let layer = try LayerWeights(file, index: index, precision: precision, weights: weights)
    self.init(
      vectors: layer.vectors,
      matrices: layer.matrices,
      epsilon: Float(file.architecture.normEpsilon)
    )
  }

  /// Bytes of the frozen matrices.
  public var byteCount: Int {
    [attention.input, attention.output, feedForward.input, feedForward.output]
      .reduce(0) { $0 + $1.weight.byteCount }
  }
}
