import DevFTTensor

/// The norm behind a block: `(x − mean) / √(variance + ε) · gain + bias`.
struct LayerNorm: Sendable {
  /// Factors, `[D]`.
  let gain: Tensor
  /// Summands, `[D]`.
  let bias: Tensor
  let epsilon: Float

  /// The normalised rows, `[N, D]`.
  func callAsFunction(_ input: Tensor) -> Tensor {
    input.layerNormalised(gain: gain, bias: bias, epsilon: epsilon)
  }

  /// The gradient of the input, given that of the normalised rows.
  func gradient(_ gradient: Tensor, input: Tensor) -> Tensor {
    input.layerNormGradient(gradient, gain: gain, epsilon: epsilon)
  }
}
