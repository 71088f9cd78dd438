import DevFTFormats
import DevFTTensor

extension DecoderLayer {
  /// Propagates the gradient of the residual stream through the layer.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the layer's output, `[N, D]`; becomes that of its input.
  ///   - tape: What `forward` kept.
  ///   - adapter: The layer's pairs.
  ///   - rotateBack: Rotates queries or keys back by the rows' positions, in place.
  ///   - attentionGradient: Gradients of queries, keys and values from that of attention's result.
  /// - Returns: Gradients of the layer's adapter, under the adapter's names.
  func backward(
    _ gradient: inout Tensor,
    tape: LayerTape,
    adapter: [Projection: LoRAOperands],
    rotateBack: (inout Tensor) -> Void,
    attentionGradient: (_ gradient: Tensor, _ tape: LayerTape) -> (q: Tensor, k: Tensor, v: Tensor)
  ) -> NamedTensors {
    var gradients = NamedTensors()
    func propagate(
      _ layer: LinearLayer,
      _ outputGradient: Tensor,
      input: Matrix,
      into target: inout Tensor,
      accumulates: Bool = false
    ) {
      layer.backward(
        outputGradient,
        input: input,
        hidden: tape.hidden[layer.projection],
        adapter: adapter,
        gradients: &gradients,
        inputGradient: &target,
        accumulates: accumulates
      )
    }
    // Feed-forward
    var activatedGradient = Tensor(uninitialisedShape: tape.gate.shape)
    propagate(down, gradient, input: tape.activated, into: &activatedGradient)
    let gated = Tensor.swiGLUGradient(activatedGradient, gate: tape.gate, up: tape.up)
    var normGradient = Tensor(uninitialisedShape: gradient.shape)
    propagate(gate, gated.gate, input: tape.feedForwardInput, into: &normGradient)
    propagate(up, gated.up, input: tape.feedForwardInput, into: &normGradient, accumulates: true)
    gradient.addRMSNormGradient(
      normGradient,
      input: tape.middle,
      gain: feedForwardGain,
      epsilon: epsilon
    )
    // Attention
    var attendedGradient = Tensor(uninitialisedShape: tape.q.shape)
    propagate(o, gradient, input: tape.attended, into: &attendedGradient)
    var heads = attentionGradient(attendedGradient, tape)
    rotateBack(&heads.q)
    rotateBack(&heads.k)
    propagate(q, heads.q, input: tape.attentionInput, into: &normGradient)
    propagate(k, heads.k, input: tape.attentionInput, into: &normGradient, accumulates: true)
    propagate(v, heads.v, input: tape.attentionInput, into: &normGradient, accumulates: true)
    gradient.addRMSNormGradient(
      normGradient,
      input: tape.input,
      gain: attentionGain,
      epsilon: epsilon
    )
    return gradients
  }
}
