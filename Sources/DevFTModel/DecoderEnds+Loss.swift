import DevFTTensor

extension DecoderEnds {
  /// Loss of target rows, and on request its gradient.
  ///
  /// - Parameters:
  ///   - rows: Residual stream of the target rows, `[n, D]`.
  ///   - targets: Token that each row is to predict, `[n]`.
  ///   - gradientScale: Factor on the gradient; 0 when none is wanted.
  ///   - recomputation: With it memory counts more than speed.
  /// - Returns: Sum of the losses in nats, and the gradient with respect to `rows`, `[n, D]`, zero
  ///   when none is wanted.
  func loss(
    rows: Tensor,
    targets: [Int32],
    gradientScale: Float,
    recomputation: Recomputation = .never
  ) -> (sum: Double, gradient: Tensor) {
    let loss = HeadLoss(
      head,
      gradientHead: gradientHead,
      blockRows: recomputation == .never ? 256 : 128
    )
    let normalised = rows.rmsNormalised(
      gain: finalGain,
      epsilon: epsilon,
      precision: precision.operands
    )
    let result = loss(normalised, targets: targets, gradientScale: gradientScale)
    var gradient = Tensor(shape: rows.shape)
    if gradientScale != 0 {
      gradient.addRMSNormGradient(
        result.gradient,
        input: rows,
        gain: finalGain,
        epsilon: epsilon
      )
    }
    return (result.sum, gradient)
  }
}
