import DevFTTensor

/// The attention half of a layer: `x + o(attention(q(n), k(n), v(n)))` with `n = norm(x)`.
struct AttentionBlock: Sendable {
  let norm: BlockNorm
  /// Queries, keys and values, side by side.
  let input: LinearGroup
  let output: LinearGroup

  /// What stands between input and output.
  struct Activations {
    /// Normalised input, `[N, D]`.
    let normalised: Matrix
    /// Rotated queries and keys, and values, `[N, (H + 2·G)·K]`.
    let heads: Tensor
    /// What attention returned, `[N, H·K]`.
    let attended: Matrix
    /// `scale · x Aᵀ` of the adapted projections of each site, `[N, Σ R]`.
    let hidden: [LinearSite: Matrix]
  }

  /// Computes what stands between input and output.
  ///
  /// - Parameters:
  ///   - stream: Residual stream in the operands' precision, `[N, D]`.
  ///   - adapter: The layer's pairs.
  ///   - rotate: Rotates queries and keys by the rows' positions, in place.
  ///   - attend: Attention over rotated queries and keys, and values.
  /// - Returns: The activations.
  func activations(
    of stream: Matrix,
    adapter: LayerOperands,
    rotate: (inout Tensor) -> Void,
    attend: (_ heads: Tensor) -> Tensor
  ) -> Activations {
    let normalised = norm(stream)
    var hidden: [LinearSite: Matrix] = [:]
    hidden[.attentionInput] = input.hidden(normalised, adapter: adapter[.attentionInput])
    var heads = input.forward(
      normalised,
      hidden: hidden[.attentionInput],
      adapter: adapter[.attentionInput]
    )
    rotate(&heads)
    let attended = Matrix(attend(heads), precision: norm.precision)
    hidden[.attentionOutput] = output.hidden(attended, adapter: adapter[.attentionOutput])
    return Activations(normalised: normalised, heads: heads, attended: attended, hidden: hidden)
  }

  /// Adds the block's result to the residual stream, `[N, D]`.
  func addResult(of activations: Activations, adapter: LayerOperands, to stream: inout Tensor) {
    output.add(
      activations.attended,
      hidden: activations.hidden[.attentionOutput],
      adapter: adapter[.attentionOutput],
      to: &stream
    )
  }

  /// Propagates the gradient of the residual stream through the block.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the block's output, `[N, D]`; becomes that of its input.
  ///   - blockInput: The block's input, `[N, D]`.
  ///   - activations: What stood between.
  ///   - context: Positions and sequences.
  ///   - adapter: The layer's pairs.
  ///   - gradients: Gradients of the layer's adapter; those of this block are set, unless it is `nil`.
  func backward(
    _ stream: inout Tensor,
    input blockInput: Tensor,
    activations: Activations,
    context: AttentionContext,
    adapter: LayerOperands,
    gradients: inout NamedTensors?
  ) {
    let returned = output.backward(
      Matrix(stream, precision: norm.precision),
      input: activations.attended,
      hidden: activations.hidden[.attentionOutput],
      adapter: adapter[.attentionOutput],
      gradients: &gradients
    )
    let heads = context.gradient(
      output.inputGradient(returned, adapter: adapter[.attentionOutput]),
      heads: activations.heads
    )
    let projected = input.backward(
      Matrix(heads, precision: norm.precision),
      input: activations.normalised,
      hidden: activations.hidden[.attentionInput],
      adapter: adapter[.attentionInput],
      gradients: &gradients
    )
    let normGradient = input.inputGradient(projected, adapter: adapter[.attentionInput])
    norm.addGradient(normGradient, input: blockInput, to: &stream)
  }
}
