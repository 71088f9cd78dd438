import DevFTTensor

/// The norm in front of a block.
struct BlockNorm: Sendable {
  /// Factors, `[D]`.
  let gain: Tensor
  let epsilon: Float
  /// Type of the operands that the normalised rows become.
  let precision: Precision

  /// The normalised rows, ready for products.
  ///
  /// - Parameter input: Residual stream in the operands' precision, `[N, D]`.
  /// - Returns: `[N, D]`.
  func callAsFunction(_ input: Matrix) -> Matrix {
    input.rmsNormalised(gain: gain, epsilon: epsilon)
  }

  /// Adds the gradient of the norm's input to that of the residual stream.
  func addGradient(_ gradient: Tensor, input: Tensor, to stream: inout Tensor) {
    stream.addRMSNormGradient(gradient, input: input, gain: gain, epsilon: epsilon)
  }
}
