import DevFTTensor

/// Federated averaging of factors, made exact: what the product of the means leaves out is merged into
/// the base.
///
/// - Clients train both factors; all adapter numbers travel, both ways. The server takes the means
///   `Ā = Σ p_k A_k` and `B̄ = Σ p_k B_k`, from which everyone goes on.
/// - The residual `Σ p_k B_k A_k − B̄ Ā` goes down as factors and is merged, `W ← W + s Res`. Here W stays as
///   it is, and the factors join the ``FactorBank`` beside it. A client that was away gets all
///   residuals that it has missed.
/// - The residual is `Σ p_k (B_k − B̄)(A_k − Ā)`, and since `Σ p_k (A_k − Ā) = 0` it is
///   `Σ_{k ≥ 2} (B_k − B_1) · p_k (A_k − Ā)`: of rank `(K − 1) R`. The shares stand in A alone. One client
///   leaves none, equal clients leave zeros.
/// - Evaluated on base, bank and global adapter; all of it is the adapter which is written. In stages what
///   was merged goes to every layer of a group, and the next fusion takes the layers with it.
/// - SeeAlso: Singhal et al., 2025, section 4, <https://arxiv.org/abs/2410.09432>.
public struct FedExLoRA: FederatedMethod {
  /// `fedex-lora`.
  public static let name = "fedex-lora"
  /// For the reference.
  public static let meaning = "fedit, and what the means leave out merged into the base"

  private let bankRank: Int

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.bankRank` limits the bank.
  public init(_ settings: MethodSettings = MethodSettings()) {
    bankRank = settings.options.bankRank
  }

  /// Anything goes but unequal ranks and a head.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks, and against a trained head.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "its clients all train the whole rank"
    case .trainedHead: "it merges low-rank pairs into the base, and a head is none"
    case .lateUpdates: "what it merges changes the base that a late client started from"
    case .stages, .groupingByAdapter, .fusionBySum, .unequalRates: nil
    }
  }

  /// Takes the means and merges the residual.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter and a grown bank.
  /// - Throws: `FederationError` with code `notSolvable`.
  public func combine(
    _ updates: WeightedUpdates,
    into state: FederatedState
  ) throws(FederationError) -> FederatedState {
    var result = state
    result.global = updates.mean()
    let adapters = updates.updates.map(\.adapter)
    let residuals = state.global.indices.map { layer in
      var residual = NamedTensors()
      for pair in AdapterPair.pairs(in: state.global[layer]) where adapters.count > 1 {
        let factors = pair.factors(of: adapters, layer: layer)
        let loraA = Self.weighedDeviations(factors.map(\.loraA), updates.shares)
        let loraB = Self.differences(factors.map(\.loraB))
        residual[pair.loraA] = AdapterPair.stackedA(loraA)
        residual[pair.loraB] = AdapterPair.stackedB(loraB)
      }
      return residual
    }
    try result.merge(residuals, round: updates.updates[0].round, rankLimit: bankRank)
    return result
  }

  /// A residual has the ranks of all clients but one, up to the bank's limit.
  ///
  /// - Parameters:
  ///   - roundCount: Rounds so far.
  ///   - clientCount: Clients of each.
  ///   - rank: Rank of the adapter.
  /// - Returns: The most that a module can have.
  public func mergedRank(afterRounds roundCount: Int, clientCount: Int, rank: Int) -> Int {
    let whole = roundCount * (clientCount - 1) * rank
    return bankRank == 0 ? whole : min(whole, bankRank)
  }

  /// What a cut of the bank has lost; the residual makes up for all else.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What they were combined into.
  /// - Returns: One entry a module.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { state.mergeErrors(of: updates) }

  /// `p_k (A_k − Ā)` of all but the first.
  private static func weighedDeviations(_ factors: [Tensor], _ shares: [Double]) -> [Tensor] {
    let rows = factors.map { $0.elements.map(Double.init) }
    // The mean as a distance from the first: equal factors leave exact zeros.
    let mean = rows[0].indices.map { index in
      rows.indices.reduce(0) { $0 + shares[$1] * (rows[$1][index] - rows[0][index]) }
    }
    return factors.indices.dropFirst().map { client in
      let elements = rows[0].indices.map { index in
        Float(shares[client] * (rows[client][index] - rows[0][index] - mean[index]))
      }
      return Tensor(shape: factors[client].shape, elements: elements)
    }
  }

  /// `B_k − B_1` of all but the first.
  private static func differences(_ factors: [Tensor]) -> [Tensor] {
    factors.dropFirst().map { factor in
      let elements = zip(factor.elements, factors[0].elements).map { $0 - $1 }
      return Tensor(shape: factor.shape, elements: elements)
    }
  }
}
