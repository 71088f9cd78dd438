import DevFTTensor

extension DecoderLayer {
  /// Runs the layer.
  ///
  /// Both blocks read the stream as the tape keeps it, in the precision of the operands; what they return is
  /// added to the stream itself.
  ///
  /// - Parameters:
  ///   - stream: Residual stream, `[N, D]`; becomes that after the layer.
  ///   - adapter: The layer's pairs.
  ///   - rotate: Rotates queries and keys by the rows' positions, in place.
  ///   - attend: Attention over rotated queries and keys, and values.
  func forward(
    _ stream: inout Tensor,
    adapter: LayerOperands,
    rotate: (inout Tensor) -> Void,
    attend: (_ heads: Tensor) -> Tensor
  ) {
    let precision = attention.norm.precision
    attention.addResult(
      of: attention.activations(
        of: Matrix(stream, precision: precision),
        adapter: adapter,
        rotate: rotate,
        attend: attend
      ),
      adapter: adapter,
      to: &stream
    )
    feedForward.addResult(
      of: feedForward.activations(
        of: Matrix(stream, precision: precision),
        adapter: adapter
      ),
      adapter: adapter,
      to: &stream
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
    adapter: LayerOperands,
    context: AttentionContext,
    recomputation: Recomputation
  ) -> LayerTape {
    let precision = attention.norm.precision
    let keepsAll = recomputation == .never
    let attentionInput = Matrix(stream, precision: precision)
    let attentionTape: LayerTape.Attention?
    do {
      let inner = activations(attention, attentionInput, context, adapter)
      attention.addResult(of: inner, adapter: adapter, to: &stream)
      attentionTape = keepsAll ? LayerTape.Attention(inner, precision: precision) : nil
    }
    let feedForwardInput = Matrix(stream, precision: precision)
    let inner = feedForward.activations(of: feedForwardInput, adapter: adapter)
    feedForward.addResult(of: inner, adapter: adapter, to: &stream)
    return LayerTape(
      attentionInput: attentionInput,
      feedForwardInput: feedForwardInput,
      attention: attentionTape,
      feedForward: keepsAll ? LayerTape.FeedForward(inner) : nil
    )
  }

  /// Propagates the gradient of the residual stream through the layer.
  ///
  /// What is computed again takes the form in which a tape keeps it: the gradients are the same, to the bit.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the layer's output, `[N, D]`; becomes that of its input.
  ///   - tape: What `forward` kept.
  ///   - adapter: The layer's pairs.
  ///   - context: Positions and sequences.
  ///   - gradients: Gradients of the layer's adapter, under the adapter's names; all are set, or none when
  ///     it is `nil`, because the layer is frozen.
  func backward(
    _ stream: inout Tensor,
    tape: LayerTape,
    adapter: LayerOperands,
    context: AttentionContext,
    gradients: inout NamedTensors?
  ) {
    let middle = tape.feedForwardInput
    feedForward.backward(
      &stream,
      input: middle.tensor,
      activations: feedForward.activations(
        of: middle,
        kept: tape.feedForward
          ?? LayerTape.FeedForward(feedForward.activations(of: middle, adapter: adapter))
      ),
      adapter: adapter,
      gradients: &gradients
    )
    let input = tape.attentionInput
    attention.backward(
      &stream,
      input: input.tensor,
      activations: attention.activations(
        of: input,
        kept: tape.attention
          ?? LayerTape.Attention(
            activations(attention, input, context, adapter),
            precision: attention.norm.precision
          )
      ),
      context: context,
      adapter: adapter,
      gradients: &gradients
    )
  }

  private func activations(
    _ block: AttentionBlock,
    _ input: Matrix,
    _ context: AttentionContext,
    _ adapter: LayerOperands
  ) -> AttentionBlock.Activations {
    block.activations(
      of: input,
      adapter: adapter,
      rotate: context.rotate,
      attend: context.attend
    )
  }
}
