import DevFTTensor

extension EncoderLayer {
  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - stream: The layer's input, `[N, D]`; becomes its output.
  ///   - adapter: The layer's pairs.
  ///   - attend: Attention over queries, keys and values.
  /// - Returns: What stood between.
  @discardableResult
  func forward(
    _ stream: inout Tensor,
    adapter: LayerOperands,
    attend: (_ heads: Tensor) -> Tensor
  ) -> EncoderLayerTape.Inner {
    var hidden: [LinearSite: Matrix] = [:]
    let input = Matrix(stream, precision: precision)
    let heads = apply(attentionInput, .attentionInput, to: input, adapter, &hidden)
    let attended = Matrix(attend(heads), precision: precision)
    add(attentionOutput, .attentionOutput, of: attended, adapter, &hidden, to: &stream)
    let attentionSum = Matrix(stream, precision: precision)
    stream = attentionNorm(stream)
    let middle = Matrix(stream, precision: precision)
    let up = apply(feedForwardInput, .feedForwardInput, to: middle, adapter, &hidden)
    let activated = Matrix(up.gelu(), precision: precision)
    add(feedForwardOutput, .feedForwardOutput, of: activated, adapter, &hidden, to: &stream)
    let feedForwardSum = Matrix(stream, precision: precision)
    stream = feedForwardNorm(stream)
    return EncoderLayerTape.Inner(
      heads: Matrix(heads, precision: precision),
      attended: attended,
      attentionSum: attentionSum,
      middle: middle,
      up: Matrix(up, precision: precision),
      feedForwardSum: feedForwardSum,
      hidden: hidden
    )
  }

  /// Propagates the gradient of the layer's output.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the output, `[N, D]`; becomes that of the input.
  ///   - tape: What the forward pass kept.
  ///   - adapter: The layer's pairs.
  ///   - attention: Attention and its gradient.
  ///   - gradients: Gradients of the layer's adapter, under the adapter's names; all are set, or none when
  ///     it is `nil`, because the layer is frozen.
  func backward(
    _ stream: inout Tensor,
    tape: EncoderLayerTape,
    adapter: LayerOperands,
    attention: EncoderAttention,
    gradients: inout NamedTensors?
  ) {
    let inner = tape.inner ?? again(tape.input, adapter: adapter, attention: attention)
    let byFeedForward = feedForwardNorm.gradient(stream, input: inner.feedForwardSum.tensor)
    let up = inner.up.tensor
    let byActivated = gradient(
      byFeedForward,
      through: feedForwardOutput,
      .feedForwardOutput,
      input: Matrix(up.gelu(), precision: precision),
      inner.hidden,
      adapter,
      &gradients
    )
    stream = gradient(
      up.geluGradient(byActivated),
      through: feedForwardInput,
      .feedForwardInput,
      input: inner.middle,
      inner.hidden,
      adapter,
      &gradients
    )
    stream.add(byFeedForward)
    let byAttention = attentionNorm.gradient(stream, input: inner.attentionSum.tensor)
    let byAttended = gradient(
      byAttention,
      through: attentionOutput,
      .attentionOutput,
      input: inner.attended,
      inner.hidden,
      adapter,
      &gradients
    )
    stream = gradient(
      attention.gradient(byAttended, heads: inner.heads.tensor),
      through: attentionInput,
      .attentionInput,
      input: tape.input,
      inner.hidden,
      adapter,
      &gradients
    )
    stream.add(byAttention)
  }

  private func again(
    _ input: Matrix,
    adapter: LayerOperands,
    attention: EncoderAttention
  ) -> EncoderLayerTape.Inner {
    var stream = input.tensor
    return forward(&stream, adapter: adapter, attend: attention.attend)
  }

  private func apply(
    _ linear: LinearGroup,
    _ site: LinearSite,
    to input: Matrix,
    _ adapter: LayerOperands,
    _ hidden: inout [LinearSite: Matrix]
  ) -> Tensor {
    hidden[site] = linear.hidden(input, adapter: adapter[site])
    return linear.forward(input, hidden: hidden[site], adapter: adapter[site])
  }

  private func add(
    _ linear: LinearGroup,
    _ site: LinearSite,
    of input: Matrix,
    _ adapter: LayerOperands,
    _ hidden: inout [LinearSite: Matrix],
    to stream: inout Tensor
  ) {
    hidden[site] = linear.hidden(input, adapter: adapter[site])
    linear.add(input, hidden: hidden[site], adapter: adapter[site], to: &stream)
  }

  /// The gradient of a map's input; that of its adapter is set.
  private func gradient(
    _ output: Tensor,
    through linear: LinearGroup,
    _ site: LinearSite,
    input: Matrix,
    _ hidden: [LinearSite: Matrix],
    _ adapter: LayerOperands,
    _ gradients: inout NamedTensors?
  ) -> Tensor {
    let found = linear.backward(
      Matrix(output, precision: precision),
      input: input,
      hidden: hidden[site],
      adapter: adapter[site],
      gradients: &gradients
    )
    return linear.inputGradient(found, adapter: adapter[site])
  }
}
