import DevFTTensor

/// The weighted sum of low-rank products, `Σ w_k B_k A_k`, by its singular values.
///
/// With stacks `Q_B R_B = [√w_1 B_1 … √w_K B_K]` and `Q_A R_A = [√w_1 A_1ᵀ … √w_K A_Kᵀ]` the sum is
/// `Q_B (R_B R_Aᵀ) Q_Aᵀ`: only a square matrix of the summed ranks is decomposed, never one of
/// `[out, in]`.
/// - SeeAlso: Bai et al., 2024, section 3, <https://arxiv.org/abs/2402.11505>.
struct FactoredSum {
  /// Left singular vectors, `[out, k]`.
  private let u: DenseMatrix
  /// Singular values, descending.
  let values: [Double]
  /// Right singular vectors, `[k, in]`.
  private let vt: DenseMatrix

  /// Decomposes a sum.
  ///
  /// - Parameters:
  ///   - factors: The pairs.
  ///   - weights: Weight of each, at least 0. A weight of 0 adds nothing to the sum, but its
  ///     directions to the vectors.
  /// - Throws: `FederationError` with code `notSolvable`.
  init(
    _ factors: [(loraA: Tensor, loraB: Tensor)],
    weights: [Double]
  ) throws(FederationError) {
    let stackB = Self.stack(factors.map { DenseMatrix($0.loraB) }, weights.map { $0.squareRoot() })
    // Directions of a weight of 0 are kept in A, times zero in B.
    let stackA = Self.stack(
      factors.map { DenseMatrix($0.loraA).transposed },
      weights.map { $0 == 0 ? 1 : $0.squareRoot() }
    )
    let (left, right) = (try stackB.orthonormalised(), try stackA.orthonormalised())
    let core = try left.r.times(right.r.transposed).singularValues()
    u = left.q.times(core.u)
    values = core.s
    vt = core.vt.times(right.q.transposed)
  }

  /// Matrices side by side, each with a factor.
  private static func stack(_ matrices: [DenseMatrix], _ factors: [Double]) -> DenseMatrix {
    var stack = DenseMatrix(
      rowCount: matrices[0].rowCount,
      columnCount: matrices.reduce(0) { $0 + $1.columnCount }
    )
    var start = 0
    for (matrix, factor) in zip(matrices, factors) {
      for row in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          stack[row, start + column] = factor * matrix[row, column]
        }
      }
      start += matrix.columnCount
    }
    return stack
  }

  /// The nearest product of a rank: `A = V_Rᵀ`, whose rows are orthonormal, and `B = U_R S_R`.
  ///
  /// The largest number of each row of A is positive, so that the result does not depend on the signs
  /// a solver chose. Ranks above the number of singular values are zeros.
  ///
  /// - Parameter rank: Rank `R` of the result.
  /// - Returns: A, `[R, in]`, and B, `[out, R]`.
  func truncated(toRank rank: Int) -> (loraA: Tensor, loraB: Tensor) {
    var loraA = DenseMatrix(rowCount: rank, columnCount: vt.columnCount)
    var loraB = DenseMatrix(rowCount: u.rowCount, columnCount: rank)
    for index in 0..<min(rank, values.count) {
      let row = (0..<vt.columnCount).map { vt[index, $0] }
      let largest = row.max { abs($0) < abs($1) } ?? 0
      let sign: Double = largest < 0 ? -1 : 1
      for column in row.indices { loraA[index, column] = sign * row[column] }
      for place in 0..<u.rowCount { loraB[place, index] = sign * values[index] * u[place, index] }
    }
    return (loraA.tensor, loraB.tensor)
  }
}
