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

  /// The adapter's narrow activations.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - adapter: The layer's pairs.
  /// - Returns: `scale · x Aᵀ`, `[N, R]`; `nil` without an adapter.
  func hidden(_ input: Matrix, adapter: [Projection: LoRAOperands]) -> Matrix? {
    guard let pair = adapter[projection] else { return nil }
    var hidden = Tensor.product(input, pair.loraA, transposingRight: true)
    hidden.scale(by: pair.scale)
    return Matrix(hidden, precision: input.precision)
  }

  /// Applies the map.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: The adapter's narrow activations of `input`.
  ///   - adapter: The layer's pairs.
  /// - Returns: `y`, `[N, out]`.
  func forward(
    _ input: Matrix,
    hidden: Matrix?,
    adapter: [Projection: LoRAOperands]
  ) -> Tensor {
    let share = adapter[projection].flatMap { pair in
      hidden.map { ProductTerm($0, pair.loraB) }
    }
    var output = Tensor.product(input, weight, transposingRight: true, plus: share)
    if let bias { output.addToRows(bias) }
    return output
  }

  /// Propagates a gradient.
  ///
  /// `dx += dy W + scale · (dy B) A`, `dA = scale · (dy B)ᵀ x`, `dB = dyᵀ hidden`.
  ///
  /// - Parameters:
  ///   - outputGradient: `dy`, `[N, out]`.
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: The adapter's narrow activations of `input`.
  ///   - adapter: The layer's pairs.
  ///   - gradients: Gradients of the layer's adapter; this projection's pair is overwritten.
  ///   - inputGradient: `dx`, `[N, in]`; overwritten or accumulated as `accumulates` says.
  ///   - accumulates: Whether `inputGradient` already holds a sum to add to.
  func backward(
    _ outputGradient: Matrix,
    input: Matrix,
    hidden: Matrix?,
    adapter: [Projection: LoRAOperands],
    gradients: inout NamedTensors,
    inputGradient: inout Tensor,
    accumulates: Bool = false
  ) {
    guard let pair = adapter[projection], let hidden else {
      inputGradient.setProduct(
        outputGradient,
        weight,
        transposingRight: false,
        accumulates: accumulates
      )
      return
    }
    var hiddenGradient = Tensor.product(outputGradient, pair.loraB, transposingRight: false)
    hiddenGradient.scale(by: pair.scale)
    inputGradient.setProduct(
      outputGradient,
      weight,
      transposingRight: false,
      accumulates: accumulates,
      plus: ProductTerm(
        Matrix(hiddenGradient, precision: weight.precision.operands),
        pair.loraA
      )
    )
    gradients[projection.loraAName] = outerProduct(hiddenGradient, input)
    gradients[projection.loraBName] = outerProduct(hidden.tensor, outputGradient).transposed()
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
