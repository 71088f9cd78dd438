import DevFTFormats
public import DevFTTensor

/// Adapters on a way of their own: what the layers above a submodel have learnt, without those layers.
///
/// Each pair whose input and output are as wide as the residual stream (`q` and `o`, without grouped queries `k` and `v`
/// too) is a step `h ← h + s B A h`; layer by layer, in the order q, k, v, o. The loss behind them, ChainFed's global loss, counts
/// beside the loss at the submodel's end. The pairs are frozen.
/// - SeeAlso: Wu et al., 2026, section 3.3, <https://arxiv.org/abs/2604.06819>; the paper's adapters are modules on the
///   stream, those of projections are not.
public struct AdapterChain: Sendable {
  /// One step.
  private struct Step: Sendable {
    /// `s A`, `[R, D]`, and `B`, `[D, R]`.
    let loraA, loraB: Matrix
  }

  private let steps: [Step]
  /// Weight `λ` of the loss behind the chain.
  let weight: Float

  /// Takes the pairs of some layers.
  ///
  /// - Parameters:
  ///   - layers: Adapter tensors, one set a layer, from below; pairs of other widths are left out.
  ///   - scale: Factor `alpha / rank`.
  ///   - width: Width `D` of the residual stream.
  ///   - weight: Weight `λ` of the loss behind them.
  public init(_ layers: [NamedTensors], scale: Float, width: Int, weight: Double) {
    self.weight = Float(weight)
    steps = layers.flatMap { layer in
      Projection.allCases.compactMap { projection in
        guard var loraA = layer[projection.loraAName], let loraB = layer[projection.loraBName],
          loraA.columnCount == width, loraB.rowCount == width
        else { return nil }
        loraA.scale(by: scale)
        return Step(
          loraA: Matrix(loraA, precision: .float32),
          loraB: Matrix(loraB, precision: .float32)
        )
      }
    }
  }

  /// Gradient of `λ` times the loss behind the chain.
  ///
  /// - Parameters:
  ///   - rows: Rows of the residual stream, `[n, D]`.
  ///   - loss: Gives the gradient of the loss of rows, `[n, D]`.
  /// - Returns: The gradient with respect to `rows`.
  func gradient(of rows: Tensor, loss: (_ rows: Tensor) -> Tensor) -> Tensor {
    var stream = rows
    for step in steps { stream.addProducts(step.loraA, step.loraB, transposed: true) }
    var gradient = loss(stream)
    for step in steps.reversed() {
      gradient.addProducts(step.loraB, step.loraA, transposed: false)
    }
    gradient.scale(by: weight)
    return gradient
  }
}

extension Tensor {
  /// Adds its rows' product with one matrix and then another, each transposed or not.
  fileprivate mutating func addProducts(_ first: Matrix, _ second: Matrix, transposed: Bool) {
    let inner = Tensor.product(
      Matrix(self, precision: .float32),
      first,
      transposingRight: transposed
    )
    setProduct(
      Matrix(inner, precision: .float32),
      second,
      transposingRight: transposed,
      accumulates: true
    )
  }
}
