public import DevFTTensor

/// Federated averaging of products: their mean is decomposed, and each client gets as much as its rank.
///
/// - A client of rank `R_k` trains and sends both factors of that rank: the first rows of the global A and
///   columns of the global B.
/// - The server decomposes `Σ p_k B_k A_k = U S Vᵀ` of every module, by ``FactoredSum``, and keeps the
///   first `lora.rank` directions: `A = Vᵀ`, `B = U S`. Nothing is added to the base; what lies behind
///   the last direction is lost, and the aggregation error says how much it is.
/// - Where the cohort's ranks add up to less than `lora.rank`, directions of the former A, with zeros in
///   B, fill the rest: zeros in both factors would never learn again.
/// - Evaluated at `lora.rank`. All clients share the scale `alpha / lora.rank`; the source has
///   `16 / R_k` a client, folded into the shares.
/// - The basis changes every round, and B carries all of the size.
/// - SeeAlso: Bai et al., 2024, section 3, <https://arxiv.org/abs/2402.11505>.
public struct FlexLoRA: FederatedMethod {
  /// `flexlora`.
  public static let name = "flexlora"
  /// For the reference.
  public static let meaning = "mean of the products, decomposed; ranks may differ"

  private let ranks: [Int]?

  /// Creates the method.
  ///
  /// - Parameter settings: Its `ranks` are the clients'.
  public init(_ settings: MethodSettings = MethodSettings()) { ranks = settings.ranks }

  /// Anything goes.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: `nil`.
  public static func objection(to feature: MethodFeature) -> String? { nil }

  /// The global adapter, cut to the client's rank.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: One set a layer.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] {
    guard let ranks else { return state.global }
    return AdapterPair.resized(state.global, toRank: ranks[client])
  }

  /// Decomposes the mean of the products.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter.
  /// - Throws: `FederationError` with code `notSolvable`.
  public func combine(
    _ updates: WeightedUpdates,
    into state: FederatedState
  ) throws(FederationError) -> FederatedState {
    var result = state
    updates.setMeanOfOthers(in: &result.global)
    let adapters = updates.updates.map(\.adapter)
    for layer in state.global.indices {
      for pair in AdapterPair.pairs(in: state.global[layer]) {
        let global = pair.factors(of: [state.global], layer: layer)[0]
        let rank = global.loraA.rowCount
        var (factors, weights) = (pair.factors(of: adapters, layer: layer), updates.shares)
        if factors.reduce(0, { $0 + $1.loraA.rowCount }) < rank {
          factors.append(global)
          weights.append(0)
        }
        let sum = try FactoredSum(factors, weights: weights).truncated(toRank: rank)
        result.global[layer][pair.loraA] = sum.loraA
        result.global[layer][pair.loraB] = sum.loraB
      }
    }
    return result
  }

  /// What lies behind the last direction.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What they were combined into.
  /// - Returns: One entry a module.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] {
    let adapters = updates.updates.map(\.adapter)
    return state.global.indices.flatMap { layer in
      AdapterPair.pairs(in: state.global[layer]).compactMap { pair in
        let factors = pair.factors(of: adapters, layer: layer)
        let values = (try? FactoredSum(factors, weights: updates.shares))?.values ?? []
        let squares = values.map { $0 * $0 }
        let rank = state.global[layer][pair.loraA]?.rowCount ?? 0
        return AggregationError(
          layer: layer,
          module: pair.module,
          difference: squares.dropFirst(rank).reduce(0, +).squareRoot(),
          norm: squares.reduce(0, +).squareRoot()
        )
      }
    }
  }
}
