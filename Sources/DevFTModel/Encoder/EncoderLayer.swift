import DevFTFormats
import DevFTTensor

/// One encoder layer with its weights frozen, its norms behind the blocks.
///
/// `m = norm₁(x + o(attention(x)))`, `y = norm₂(m + down(gelu(up(m))))`; every map has a bias.
/// - SeeAlso: Devlin et al., 2019, <https://arxiv.org/abs/1810.04805>.
public struct EncoderLayer: Sendable {
  /// Queries, keys and values, side by side.
  let attentionInput: LinearGroup
  let attentionOutput: LinearGroup
  let attentionNorm: LayerNorm
  let feedForwardInput: LinearGroup
  let feedForwardOutput: LinearGroup
  let feedForwardNorm: LayerNorm
  /// Type of the operands.
  let precision: Precision

  /// Takes a layer's tensors.
  ///
  /// - Parameters:
  ///   - weights: Maps, biases and norms.
  ///   - epsilon: Term of the norms.
  /// - Precondition: No tensor is missing.
  public init(_ weights: LayerWeights, epsilon: Float) {
    func linear(_ site: LinearSite) -> LinearGroup {
      LinearGroup(site, matrices: weights.matrices, vectors: weights.vectors)
    }
    func norm(_ gain: String, _ bias: String) -> LayerNorm {
      guard let gain = weights.vectors[gain], let bias = weights.vectors[bias] else {
        preconditionFailure("the layer has no \(gain) or no \(bias)")
      }
      return LayerNorm(gain: gain, bias: bias, epsilon: epsilon)
    }
    guard let precision = weights.matrices[.q]?.precision.operands else {
      preconditionFailure("the layer has no queries")
    }
    attentionInput = linear(.attentionInput)
    attentionOutput = linear(.attentionOutput)
    attentionNorm = norm(ModelTensorName.attentionNorm, ModelTensorName.attentionNormBias)
    feedForwardInput = linear(.feedForwardInput)
    feedForwardOutput = linear(.feedForwardOutput)
    feedForwardNorm = norm(ModelTensorName.feedForwardNorm, ModelTensorName.feedForwardNormBias)
    self.precision = precision
  }
}
