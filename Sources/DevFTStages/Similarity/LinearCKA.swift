public import DevFTTensor

/// How alike layers are by what they do: linear centred kernel alignment of their activations.
///
/// `CKA(X, Y) = HSIC(X, Y) / √(HSIC(X, X) HSIC(Y, Y))` with `HSIC(X, Y) = ⟨H X Xᵀ H, H Y Yᵀ H⟩` (Frobenius) and
/// the centring matrix `H`: 1 for activations that are equal up to rotation, scale and shift. Activations
/// that do not vary have similarity 0 to all others.
///
/// - SeeAlso: Kornblith et al., 2019, section 3, <https://arxiv.org/abs/1905.00414>.
extension SimilarityMatrix {
  /// Compares activations.
  ///
  /// - Parameter activations: One matrix `[N, D]` a layer, of the same `N` tokens; `D` may differ.
  /// - Throws: `StagesError` with code `layersDiffer` when the numbers of tokens differ, and `nonFinite` when
  ///   a number is NaN or infinite.
  /// - Complexity: `L N² D / 2` multiply-adds, and `L` matrices `[N, N]` in memory.
  public init(ofActivations activations: [Tensor]) throws(StagesError) {
    let counts = Set(activations.map(\.rowCount))
    guard counts.count == 1 else {
      throw StagesError(
        .layersDiffer,
        "expected as many tokens in each layer, got \(counts.sorted())"
      )
    }
    let grams = activations.map(centredGram)
    let products = grams.map { first in grams.map { innerProduct(first, $0) } }
    let norms = products.indices.map { products[$0][$0].squareRoot() }
    try self.init(
      rows: products.indices.map { row in
        products.indices.map { column in
          if row == column { return products[row][row].isFinite ? 1 : .nan }
          let norm = norms[row] * norms[column]
          return norm == 0 ? 0 : min(1, products[row][column] / norm)
        }
      }
    )
  }
}

/// `H X Xᵀ H`, row-major.
private func centredGram(_ activations: Tensor) -> [Double] {
  let count = activations.rowCount
  var gram = GramMatrix(layerCount: count)
  gram.add((0..<count).map { activations.rows($0..<$0 + 1) })
  let sums = (0..<count).map { gram.values[$0 * count..<($0 + 1) * count].reduce(0, +) }
  let (means, mean) = (sums.map { $0 / Double(count) }, sums.reduce(0, +) / Double(count * count))
  return gram.values.indices.map { index in
    let (row, column) = index.quotientAndRemainder(dividingBy: count)
    return gram.values[index] - means[row] - means[column] + mean
  }
}

private func innerProduct(_ first: [Double], _ second: [Double]) -> Double {
  zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
}
