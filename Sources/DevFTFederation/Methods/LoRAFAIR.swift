import DevFTTensor

/// Federated averaging whose B is corrected towards the mean of the products.
///
/// - Clients train as in FedIT; all adapter numbers travel, both ways.
/// - The server takes the means `Ā = Σ p_k A_k` and `B̄ = Σ p_k B_k`, and of every module the `ΔB` with the
///   least `‖Σ p_k B_k A_k − (B̄ + ΔB) Ā‖² + λ ‖ΔB‖²`, which is
///   `ΔB = (Σ p_k (B_k − B̄)(A_k − Ā) Āᵀ)(Ā Āᵀ + λ I)⁻¹`. It sends `Ā` and `B̄ + ΔB`.
/// - Only `[R, R]` products are formed. The centred sum is the paper's `Σ p_k B_k A_k Āᵀ − B̄ Ā Āᵀ`
///   without the cancellation: equal clients give a `ΔB` of exact zeros.
/// - Differs from the paper: its dissimilarity is one minus a cosine, minimised by steps of descent. A
///   cosine does not see the size of the product; the ridge does, and is solved at once.
/// - SeeAlso: Bian et al., 2025, section 4, <https://arxiv.org/abs/2411.14961>.
public struct LoRAFAIR: FederatedMethod {
  /// `lora-fair`.
  public static let name = "lora-fair"
  /// For the reference.
  public static let meaning = "fedit with B corrected towards the mean of the products"

  private let ridge: Double

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.fairRidge` is `λ`.
  public init(_ settings: MethodSettings = MethodSettings()) { ridge = settings.options.fairRidge }

  /// Takes the means and corrects B.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter.
  /// - Throws: `FederationError` with code `notSolvable` when `Ā` is too large for `Double`.
  public func combine(
    _ updates: WeightedUpdates,
    into state: FederatedState
  ) throws(FederationError) -> FederatedState {
    var result = state
    result.global = updates.mean()
    for layer in result.global.indices {
      for pair in AdapterPair.pairs(in: result.global[layer]) {
        guard let correction = try correction(of: pair, layer: layer, updates, result.global) else {
          continue
        }
        result.global[layer][pair.loraB]?.addEach(correction.tensor) { $0 }
      }
    }
    return result
  }

  /// `ΔB` of a module, or `nil` when it is zero.
  private func correction(
    of pair: AdapterPair,
    layer: Int,
    _ updates: WeightedUpdates,
    _ mean: [NamedTensors]
  ) throws(FederationError) -> DenseMatrix? {
    guard let meanA = mean[layer][pair.loraA].map(DenseMatrix.init),
      let meanB = mean[layer][pair.loraB]
    else { return nil }
    let transposedA = meanA.transposed
    var residual = DenseMatrix(rowCount: meanB.rowCount, columnCount: meanB.columnCount)
    let factors = pair.factors(of: updates.updates.map(\.adapter), layer: layer)
    let centredA = centred(factors.map { DenseMatrix($0.loraA) }, updates.shares)
    let centredB = centred(factors.map { DenseMatrix($0.loraB) }, updates.shares)
    for (index, share) in updates.shares.enumerated() {
      let product = centredB[index].times(centredA[index].times(transposedA))
      for place in residual.elements.indices {
        residual.elements[place] += share * product.elements[place]
      }
    }
    guard residual.squaredNorm > 0 else { return nil }
    var gram = meanA.times(transposedA)
    for index in 0..<gram.rowCount { gram[index, index] += ridge }
    return try residual.divided(by: gram)
  }

  /// Each matrix less the weighted mean of all.
  private func centred(_ matrices: [DenseMatrix], _ shares: [Double]) -> [DenseMatrix] {
    // Differences from the first: equal matrices leave exact zeros.
    let first = matrices[0].elements
    var mean: [Double] = Array(repeating: 0, count: first.count)
    for (matrix, share) in zip(matrices, shares) {
      for index in mean.indices { mean[index] += share * (matrix.elements[index] - first[index]) }
    }
    return matrices.map { matrix in
      var result = matrix
      for index in mean.indices { result.elements[index] -= first[index] + mean[index] }
      return result
    }
  }
}
