import DevFTFormats
import DevFTTensor

/// A frozen linear map with an optional bias, corrected by an optional adapter.
///
/// `y = x Wᵀ + b + scale · (x Aᵀ) Bᵀ`; only A and B have gradients.
struct LinearLayer: Sendable {
  let projection: Projection
  /// Weights `W`, `[out, in]`.
  let weight: Matrix
  /// Bias `b`, `[out]`, or `nil`.
  let bias: Tensor?

  init(_ projection: Projection, of layer: NamedTensors, precision: Precision) {
    guard let weight = layer[projection.weightName] else {
      preconditionFailure("the layer has no \(projection.weightName)")
    }
    self.projection = projection
    self.weight = Matrix(weight, precision: precision)
    bias = layer[projection.biasName]
  }

  /// Applies the map.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - adapter: The layer's pairs.
  /// - Returns: `y`, `[N, out]`, and `scale · x Aᵀ`, `[N, R]`, which the backward pass wants.
  func forward(_ input: Matrix, adapter: [Projection: LoRAOperands]) -> (
    output: Tensor, hidden: Tensor?
  ) {
    var output = Tensor.product(input, weight, transposingRight: true)
    if let bias { output.addToRows(bias) }
    guard let pair = adapter[projection] else { return (output, nil) }
    var hidden = Tensor.product(input, pair.loraA, transposingRight: true)
    hidden.scale(by: pair.scale)
    output.setProduct(
      Matrix(hidden, precision: weight.precision),
      pair.loraB,
      transposingRight: true,
      accumulates: true
    )
    return (output, hidden)
  }

  /// Propagates a gradient.
  ///
  /// `dx += dy W + scale · (dy B) A`, `dA = scale · (dy B)ᵀ x`, `dB = dyᵀ hidden`.
  ///
  /// - Parameters:
  ///   - gradient: `dy`, `[N, out]`.
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: What `forward` returned beside the output.
  ///   - adapter: The layer's pairs.
  ///   - gradients: Gradients of the layer's adapter; this projection's pair is overwritten.
  ///   - inputGradient: `dx`, `[N, in]`; overwritten or accumulated as `accumulates` says.
  ///   - accumulates: Whether `inputGradient` already holds a sum to add to.
  func backward(
    _ gradient: Tensor,
    input: Matrix,
    hidden: Tensor?,
    adapter: [Projection: LoRAOperands],
    gradients: inout NamedTensors,
    inputGradient: inout Tensor,
    accumulates: Bool
  ) {
    let outputGradient = Matrix(gradient, precision: weight.precision)
    inputGradient.setProduct(
      outputGradient,
      weight,
      transposingRight: false,
      accumulates: accumulates
    )
    guard let pair = adapter[projection], let hidden else { return }
    var hiddenGradient = Tensor.product(outputGradient, pair.loraB, transposingRight: false)
    hiddenGradient.scale(by: pair.scale)
    inputGradient.setProduct(
      Matrix(hiddenGradient, precision: weight.precision),
      pair.loraA,
      transposingRight: false,
      accumulates: true
    )
    gradients[projection.loraAName] = outerProduct(hiddenGradient, input)
    gradients[projection.loraBName] = outerProduct(hidden, outputGradient).transposed()
  }

  /// `narrowᵀ · wide`: only the narrow operand, `[N, R]`, is transposed.
  private func outerProduct(_ narrow: Tensor, _ wide: Matrix) -> Tensor {
    .product(
      Matrix(narrow.transposed(), precision: wide.precision),
      wide,
      transposingRight: false
    )
  }
}
