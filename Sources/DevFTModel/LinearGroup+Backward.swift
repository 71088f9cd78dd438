import DevFTFormats
import DevFTTensor

extension LinearGroup {
  /// A gradient on its way through the maps.
  struct Gradient {
    /// Of the result, `dy`, `[N, Σ out]`.
    let output: Matrix
    /// Of the narrow activations, `dh = dy_i B_i` side by side, `[N, Σ R]`; `nil` without an adapter.
    let hidden: Matrix?
  }

  /// Takes a gradient as far as the adapter's narrow activations, and finds that of the adapter.
  ///
  /// `dA = scale · dhᵀ x`, `dB = dyᵀ hidden`, of the pairs that are trained.
  ///
  /// - Parameters:
  ///   - outputGradient: `dy`, `[N, Σ out]`.
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: The adapter's narrow activations of `input`.
  ///   - adapter: The pairs of the site, if any.
  ///   - gradients: Gradients of the layer's adapter; those of this site are set, unless it
  ///     is `nil`.
  /// - Returns: What `inputGradient` wants.
  func backward(
    _ outputGradient: Matrix,
    input: Matrix,
    hidden: Matrix?,
    adapter: LoRAOperands?,
    gradients: inout NamedTensors?
  ) -> Gradient {
    guard let adapter, let hidden else { return Gradient(output: outputGradient, hidden: nil) }
    let parts = adapter.pairs.map { pair in
      (pair: pair, left: MatrixColumns(outputGradient, columns[pair.projection]))
    }
    let hiddenGradient = Matrix.productsSideBySide(parts.map { ($0.left, $0.pair.loraB) })
    let ranks = adapter.trainedRanks
    guard gradients != nil, !ranks.isEmpty else {
      return Gradient(output: outputGradient, hidden: hiddenGradient)
    }
    let trainedGradient = hiddenGradient.transposed().rows(ranks)
    var byA = Tensor.product(trainedGradient, input, transposingRight: false)
    byA.scale(by: adapter.scale)
    let turned = hidden.transposed()
    for (pair, part) in parts where pair.isTrained {
      let own = pair.ranks.lowerBound - ranks.lowerBound..<pair.ranks.upperBound - ranks.lowerBound
      gradients?[pair.projection.loraAName] = byA.rows(own)
      gradients?[pair.projection.loraBName] =
        Tensor.product(turned.rows(pair.ranks), part).transposed()
    }
    return Gradient(output: outputGradient, hidden: hiddenGradient)
  }

  /// The gradient of the input, `dx = dy W + scale · dh A`, `[N, in]`.
  func inputGradient(_ gradient: Gradient, adapter: LoRAOperands?) -> Tensor {
    let share = share(of: adapter, gradient)
    return .product(gradient.output, weight, transposingRight: false, plus: share)
  }

  /// The gradient of the input as an operand of further products.
  func roundedInputGradient(_ gradient: Gradient, adapter: LoRAOperands?) -> Matrix {
    let share = share(of: adapter, gradient)
    return .product(gradient.output, weight, transposingRight: false, plus: share)
  }

  private func share(of adapter: LoRAOperands?, _ gradient: Gradient) -> [ProductTerm] {
    guard let adapter, let hidden = gradient.hidden else { return [] }
    return [ProductTerm(MatrixColumns(hidden), adapter.scaledLoraA)]
  }
}
