import DevFTTensor

extension DecoderEnds {
  /// Rows whose logits are held at once: `[128, V]` numbers.
  private static let blockRows = 128

  /// Loss of target rows, and on request its gradient.
  ///
  /// - Parameters:
  ///   - rows: Residual stream of the target rows, `[n, D]`.
  ///   - targets: Token that each row is to predict, `[n]`.
  ///   - gradientScale: Factor on the gradient; 0 when none is wanted.
  /// - Returns: Sum of the losses in nats, and the gradient with respect to `rows`, `[n, D]`, zero
  ///   when none is wanted.
  func loss(rows: Tensor, targets: [Int32], gradientScale: Float) -> (sum: Double, gradient: Tensor)
  {
    let normalised = Matrix(
      rows.rmsNormalised(gain: finalGain, epsilon: epsilon),
      precision: precision.operands
    )
    var sum = 0.0
    var normGradient: [Float] = []
    for start in stride(from: 0, to: targets.count, by: Self.blockRows) {
      let block = start..<min(targets.count, start + Self.blockRows)
      var logits = Tensor.product(normalised.rows(block), head, transposingRight: true)
      let losses = logits.crossEntropy(
        targets: Array(targets[block]),
        gradientScale: gradientScale
      )
      sum = losses.reduce(sum, +)
      guard gradientScale != 0 else { continue }
      normGradient +=
        Tensor.product(
          Matrix(logits, precision: precision.operands),
          head,
          transposingRight: false
        ).elements
    }
    var gradient = Tensor(shape: rows.shape)
    if gradientScale != 0 {
      gradient.addRMSNormGradient(
        Tensor(shape: rows.shape, elements: normGradient),
        input: rows,
        gain: finalGain,
        epsilon: epsilon
      )
    }
    return (sum, gradient)
  }
}
