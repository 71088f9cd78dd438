import DevFTFormats
public import DevFTTensor

/// One decoder layer with its weights frozen, in the precision of the products.
///
/// `m = x + o(attention(norm₁(x)))`, `y = m + down(silu(gate(norm₂(m))) · up(norm₂(m)))`.
public struct DecoderLayer: Sendable {
  let attentionGain: Tensor
  let feedForwardGain: Tensor
  let q, k, v, o, gate, up, down: LinearLayer
  let epsilon: Float

  /// Takes a layer's tensors.
  ///
  /// - Parameters:
  ///   - tensors: `self_attn.q_proj.weight` and its like, `input_layernorm.weight` and
  ///     `post_attention_layernorm.weight`.
  ///   - epsilon: Term of the norms.
  ///   - precision: Type of the products; norms stay float32.
  /// - Precondition: No tensor is missing.
  public init(_ tensors: NamedTensors, epsilon: Float, precision: Precision) {
    guard let attentionGain = tensors[ModelTensorName.attentionNorm],
      let feedForwardGain = tensors[ModelTensorName.feedForwardNorm]
    else { preconditionFailure("a layer without norm gains: \(tensors.names)") }
    func linear(_ projection: Projection) -> LinearLayer {
      LinearLayer(projection, of: tensors, precision: precision)
    }
    self.attentionGain = attentionGain
    self.feedForwardGain = feedForwardGain
    (q, k, v, o) = (linear(.q), linear(.k), linear(.v), linear(.o))
    (gate, up, down) = (linear(.gate), linear(.up), linear(.down))
    self.epsilon = epsilon
  }

  var precision: Precision { q.weight.precision }

  /// Bytes of the frozen matrices.
  public var byteCount: Int {
    [q, k, v, o, gate, up, down].reduce(0) { $0 + $1.weight.byteCount }
  }
}
