import DevFTFormats
import DevFTTensor

/// The feed-forward half of a layer: `x + down(silu(gate(n)) · up(n))` with `n = norm(x)`.
struct FeedForwardBlock: Sendable {
  let norm: BlockNorm
  let gate, up, down: LinearLayer

  /// What stands between input and output.
  struct Activations {
    /// Normalised input, `[N, D]`.
    let normalised: Matrix
    /// Inputs of the gated activation, `[N, F]`.
    let gate, up: Matrix
    /// Its result, `[N, F]`.
    let activated: Matrix
    /// `scale · x Aᵀ` of each adapted projection, `[N, R]`.
    let hidden: [Projection: Matrix]
  }

  /// Computes what stands between input and output.
  ///
  /// - Parameters:
  ///   - input: Residual stream, `[N, D]`.
  ///   - adapter: The layer's pairs.
  /// - Returns: The activations.
  func activations(of input: Tensor, adapter: [Projection: LoRAOperands]) -> Activations {
    let normalised = norm(input)
    var hidden: [Projection: Matrix] = [:]
    func apply(_ layer: LinearLayer) -> Matrix {
      hidden[layer.projection] = layer.hidden(normalised, adapter: adapter)
      return Matrix(
        layer.forward(normalised, hidden: hidden[layer.projection], adapter: adapter),
        precision: norm.precision
      )
    }
    let (gated, upward) = (apply(gate), apply(up))
    let activated = Matrix.swiGLU(gate: gated, up: upward)
    hidden[.down] = down.hidden(activated, adapter: adapter)
    return Activations(
      normalised: normalised,
      gate: gated,
      up: upward,
      activated: activated,
      hidden: hidden
    )
  }

  /// The residual stream after the block, `[N, D]`.
  func output(
    _ input: Tensor,
    _ activations: Activations,
    adapter: [Projection: LoRAOperands]
  ) -> Tensor {
    var output = down.forward(
      activations.activated,
      hidden: activations.hidden[.down],
      adapter: adapter
    )
    output.add(input)
    return output
  }

  /// Propagates the gradient of the residual stream through the block.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the block's output, `[N, D]`; becomes that of its input.
  ///   - input: The block's input, `[N, D]`.
  ///   - activations: What stood between.
  ///   - adapter: The layer's pairs.
  ///   - gradients: Gradients of the layer's adapter; those of this block are set.
  func backward(
    _ stream: inout Tensor,
    input: Tensor,
    activations: Activations,
    adapter: [Projection: LoRAOperands],
    gradients: inout NamedTensors
  ) {
    var activatedGradient = Tensor(
      uninitialisedShape: [activations.gate.rows, activations.gate.columns]
    )
    down.backward(
      Matrix(stream, precision: norm.precision),
      input: activations.activated,
      hidden: activations.hidden[.down],
      adapter: adapter,
      gradients: &gradients,
      inputGradient: &activatedGradient
    )
    let gated = Matrix.swiGLUGradient(
      activatedGradient,
      gate: activations.gate,
      up: activations.up
    )
    var normGradient = Tensor(uninitialisedShape: stream.shape)
    for (layer, gradient) in [(gate, gated.gate), (up, gated.up)] {
      layer.backward(
        gradient,
        input: activations.normalised,
        hidden: activations.hidden[layer.projection],
        adapter: adapter,
        gradients: &gradients,
        inputGradient: &normGradient,
        accumulates: layer.projection != .gate
      )
    }
    norm.addGradient(normGradient, input: input, to: &stream)
  }
}
