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
  /// - Returns: Residual stream after the layer, `[N, D]`.
  func forward(
    _ input: Tensor,
    adapter: [Projection: LoRAOperands],
    rotate: (inout Tensor) -> Void,
    attend: (_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor
  ) -> Tensor {
    let middle = attention.output(
      input,
      attention.activations(of: input, adapter: adapter, rotate: rotate, attend: attend),
      adapter: adapter
    )
    return feedForward.output(
      middle,
      feedForward.activations(of: middle, adapter: adapter),
      adapter: adapter
    )
  }

  /// Runs the layer and keeps what the backward pass wants.
  ///
  /// - Parameters:
  ///   - stream: Residual stream, `[N, D]`; becomes that after the layer.
  ///   - adapter: The layer's pairs.
  ///   - context: Positions and sequences.
  ///   - recomputation: What is to be computed again.
  /// - Returns: The tape.
  func forward(
    _ stream: inout Tensor,
    adapter: [Projection: LoRAOperands],
    context: AttentionContext,
    recomputation: Recomputation
  ) -> LayerTape {
    let precision = attention.norm.precision
    let keepsAll = recomputation == .never
    let attentionInput = Matrix(stream, precision: precision)
    let attentionTape: LayerTape.Attention?
    do {
      let inner = activations(attention, stream, context: context, adapter: adapter)
      stream = attention.output(stream, inner, adapter: adapter)
      attentionTape = keepsAll ? LayerTape.Attention(inner, precision: precision) : nil
    }
    let feedForwardInput = Matrix(stream, precision: precision)
    let inner = feedForward.activations(of: stream, adapter: adapter)
    stream = feedForward.output(stream, inner, adapter: adapter)
    return LayerTape(
      attentionInput: attentionInput,
      feedForwardInput: feedForwardInput,
      attention: attentionTape,
      feedForward: keepsAll ? LayerTape.FeedForward(inner) : nil
    )
  }

  /// Propagates the gradient of the residual stream through the layer.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the layer's output, `[N, D]`; becomes that of its input.
  ///   - tape: What `forward` kept.
  ///   - adapter: The layer's pairs.
  ///   - context: Positions and sequences.
  /// - Returns: Gradients of the layer's adapter, under the adapter's names.
  func backward(
    _ stream: inout Tensor,
    tape: LayerTape,
    adapter: [Projection: LoRAOperands],
    context: AttentionContext
  ) -> NamedTensors {
    var gradients = NamedTensors()
    let middle = tape.feedForwardInput.tensor
    feedForward.backward(
      &stream,
      input: middle,
      activations: tape.feedForward.map { feedForward.activations(of: middle, kept: $0) }
        ?? feedForward.activations(of: middle, adapter: adapter),
      adapter: adapter,
      gradients: &gradients
    )
    let input = tape.attentionInput.tensor
    attention.backward(
      &stream,
      input: input,
      activations: tape.attention.map { attention.activations(of: input, kept: $0) }
        ?? activations(attention, input, context: context, adapter: adapter),
      context: context,
      adapter: adapter,
      gradients: &gradients
    )
    return gradients
  }

  private func activations(
    _ block: AttentionBlock,
    _ input: Tensor,
    context: AttentionContext,
    adapter: [Projection: LoRAOperands]
  ) -> AttentionBlock.Activations {
    block.activations(
      of: input,
      adapter: adapter,
      rotate: context.rotate,
      attend: context.attend
    )
  }
}
