import DevFTTensor

/// How far the mean of the factors is from the mean of the products, in one adapted module.
///
/// `ε = ‖Σ p_k B_k A_k − B̄ Ā‖ / ‖Σ p_k B_k A_k‖` (Frobenius), with the means `Ā = Σ p_k A_k` and
/// `B̄ = Σ p_k B_k`. It is 0 for one client and for equal ones, and when only one factor differs.
public struct AggregationError: Codable, Hashable, Sendable {
  /// Layer of the submodel, from 0.
  public var layer: Int
  /// The adapted module, such as `self_attn.q_proj`.
  public var module: String
  /// Norm of the difference.
  public var difference: Double
  /// Norm of the mean of the products.
  public var norm: Double

  /// `ε`: the difference over the norm; 0 when both are 0.
  public var relative: Double { difference == 0 ? 0 : difference / norm }
}

/// Measures the aggregation error of the mean of factors in every module.
///
/// Needs no `[out, in]` matrix: the norm of a product `B A` of stacked factors is
/// `tr((Bᵀ B)(A Aᵀ))`. The difference is taken as `Σ p_k (B_k − B̄)(A_k − Ā)`, which is the same number
/// without the cancellation of two nearly equal ones.
///
/// A layer's shares are those of its owners.
///
/// - Parameter updates: The updates with their shares.
/// - Returns: One entry a module that somebody has trained, by layer and name.
/// - Complexity: `2 (in + out)·(K·R)²` multiply-adds a module for `K` updates, in float32.
public func aggregationErrors(of updates: WeightedUpdates) -> [AggregationError] {
  // Hundreds of small products: waking other threads for each takes longer than the product.
  let threadCount = Threads.count
  Threads.count = 1
  defer { Threads.count = threadCount }
  return updates.updates[0].adapter.indices.flatMap { layer in
    let owners = updates.owners(ofLayer: layer)
    let totalWeight = owners.reduce(0) { $0 + $1.weight }
    let shares = owners.map { $0.weight / totalWeight }
    let layers = paddedToOneRank(owners.map { [$0.layer] }).map { $0[0] }
    guard let first = layers.first else { return [AggregationError]() }
    return AdapterPair.pairs(in: first).compactMap { pair -> AggregationError? in
      let stackedA = FactorStack(layers.compactMap { $0[pair.loraA] })
      let stackedB = FactorStack(transposing: layers.compactMap { $0[pair.loraB] })
      return AggregationError(
        layer: layer,
        module: pair.module,
        difference: productNorm(stackedB.centred(shares), stackedA.centred(shares), shares),
        norm: productNorm(stackedB, stackedA, shares)
      )
    }
  }
}

/// Adapters of the largest rank among them; zeros change no product.
private func paddedToOneRank(_ adapters: [[NamedTensors]]) -> [[NamedTensors]] {
  let ranks = adapters.compactMap(AdapterPair.rank)
  guard let largest = ranks.max(), largest != ranks.min() else { return adapters }
  return adapters.map { AdapterPair.resized($0, toRank: largest) }
}

/// Norm of `Σ p_k B_k A_k`.
private func productNorm(_ loraB: FactorStack, _ loraA: FactorStack, _ shares: [Double]) -> Double {
  let (gramB, gramA) = (loraB.gram(), loraA.gram())
  let (count, rank) = (gramB.columnCount, loraB.rank)
  var sum = 0.0
  for place in 0..<gramB.count {
    let share = shares[place / count / rank] * shares[place % count / rank]
    sum += share * Double(gramB.elements[place]) * Double(gramA.elements[place])
  }
  // Rounding may leave a tiny negative number where the product is zero.
  return max(sum, 0).squareRoot()
}
