import DevFTFormats
import DevFTTensor

extension DecoderLayer {
  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - input: Residual stream, `[N, D]`.
  ///   - adapter: The layer's pairs.
  ///   - rotate: Rotates queries or keys by the rows' positions, in place.
  ///   - attend: Attention over rotated queries and keys, and values.
  /// - Returns: Residual stream after the layer, `[N, D]`, and the tape.
  func forward(
    _ input: Tensor,
    adapter: [Projection: LoRAOperands],
    rotate: (inout Tensor) -> Void,
    attend: (_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor
  ) -> (output: Tensor, tape: LayerTape) {
    var hidden: [Projection: Tensor] = [:]
    func apply(_ layer: LinearLayer, _ input: Matrix) -> Tensor {
      let result = layer.forward(input, adapter: adapter)
      hidden[layer.projection] = result.hidden
      return result.output
    }
    let attentionInput = Matrix(
      input.rmsNormalised(gain: attentionGain, epsilon: epsilon),
      precision: precision
    )
    var queries = apply(q, attentionInput)
    var keys = apply(k, attentionInput)
    let values = apply(v, attentionInput)
    rotate(&queries)
    rotate(&keys)
    let attended = Matrix(attend(queries, keys, values), precision: precision)
    var middle = apply(o, attended)
    middle.add(input)

    let feedForwardInput = Matrix(
      middle.rmsNormalised(gain: feedForwardGain, epsilon: epsilon),
      precision: precision
    )
    let gated = apply(gate, feedForwardInput)
    let upward = apply(up, feedForwardInput)
    let activated = Matrix(.swiGLU(gate: gated, up: upward), precision: precision)
    var output = apply(down, activated)
    output.add(middle)
    let tape = LayerTape(
      input: input,
      attentionInput: attentionInput,
      q: queries,
      k: keys,
      v: values,
      attended: attended,
      middle: middle,
      feedForwardInput: feedForwardInput,
      gate: gated,
      up: upward,
      activated: activated,
      hidden: hidden
    )
    return (output, tape)
  }
}
