import DevFTTensor

/// The feed-forward half of a layer: `x + down(silu(gate(n)) · up(n))` with `n = norm(x)`.
struct FeedForwardBlock: Sendable {
  let norm: BlockNorm
  /// Gates and ups, side by side.
  let input: LinearGroup
  let output: LinearGroup

  /// What stands between input and output.
  struct Activations {
    /// Normalised input, `[N, D]`.
    let normalised: Matrix
    /// Inputs of the gated activation, `[N, 2·F]`.
    let gateUp: Matrix
    /// Its result, `[N, F]`.
    let activated: Matrix
    /// `scale · x Aᵀ` of the adapted projections of each site, `[N, Σ R]`.
    let hidden: [LinearSite: Matrix]
  }

  /// Computes what stands between input and output.
  ///
  /// - Parameters:
  ///   - stream: Residual stream in the operands' precision, `[N, D]`.
  ///   - adapter: The layer's pairs.
  /// - Returns: The activations.
  func activations(of stream: Matrix, adapter: LayerOperands) -> Activations {
    let normalised = norm(stream)
    var hidden: [LinearSite: Matrix] = [:]
    hidden[.feedForwardInput] = input.hidden(normalised, adapter: adapter[.feedForwardInput])
    let gateUp = input.forwardRounded(
      normalised,
      hidden: hidden[.feedForwardInput],
      adapter: adapter[.feedForwardInput]
    )
    let activated = Matrix.swiGLU(gateUp)
    hidden[.feedForwardOutput] = output.hidden(activated, adapter: adapter[.feedForwardOutput])
    return Activations(
      normalised: normalised,
      gateUp: gateUp,
      activated: activated,
      hidden: hidden
    )
  }

  /// Adds the block's result to the residual stream, `[N, D]`.
  func addResult(of activations: Activations, adapter: LayerOperands, to stream: inout Tensor) {
    output.add(
      activations.activated,
      hidden: activations.hidden[.feedForwardOutput],
      adapter: adapter[.feedForwardOutput],
      to: &stream
    )
  }

  /// Propagates the gradient of the residual stream through the block.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the block's output, `[N, D]`; becomes that of its input.
  ///   - blockInput: The block's input, `[N, D]`.
  ///   - activations: What stood between.
  ///   - adapter: The layer's pairs.
  ///   - gradients: Gradients of the layer's adapter; those of this block are set, unless it is `nil`.
  func backward(
    _ stream: inout Tensor,
    input blockInput: Tensor,
    activations: Activations,
    adapter: LayerOperands,
    gradients: inout NamedTensors?
  ) {
    let returned = output.backward(
      Matrix(stream, precision: norm.precision),
      input: activations.activated,
      hidden: activations.hidden[.feedForwardOutput],
      adapter: adapter[.feedForwardOutput],
      gradients: &gradients
    )
    let gated = Matrix.swiGLUGradient(
      output.roundedInputGradient(returned, adapter: adapter[.feedForwardOutput]),
      gateUp: activations.gateUp
    )
    let projected = input.backward(
      gated,
      input: activations.normalised,
      hidden: activations.hidden[.feedForwardInput],
      adapter: adapter[.feedForwardInput],
      gradients: &gradients
    )
    let normGradient = input.inputGradient(projected, adapter: adapter[.feedForwardInput])
    norm.addGradient(normGradient, input: blockInput, to: &stream)
  }
}
