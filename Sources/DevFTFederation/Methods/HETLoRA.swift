public import DevFTTensor

/// Federated averaging over clients of different rank, which prune themselves.
///
/// - A client of rank `R_k` trains and sends the first rows of A and columns of B. With
///   `m = ⌊γ R_k⌋` its loss has the term `λ Σ ‖B[:, m:]‖ ‖A[m:, :]‖` over the modules (Frobenius). When
///   that sum of products is smaller after the training than before, the client goes on, and sends,
///   with rank `max(smallest rank, m)`.
/// - The server pads with zeros and takes the means of A and of B by the shares
///   `‖B_k A_k‖ / Σ_j ‖B_j A_j‖` of the module, with `‖B A‖² = tr((Bᵀ B)(A Aᵀ))`; by aggregation weight
///   where all these norms are zero.
/// - Evaluated at `lora.rank`. All clients share the scale `alpha / lora.rank`, whatever their rank.
/// - A client has one rank for all its modules, and keeps it over a change of stage.
/// - SeeAlso: Cho et al., 2024, section 3, <https://arxiv.org/abs/2401.06432>; defaults of `γ` and `λ` as in
///   FederatedScope's implementation.
public struct HETLoRA: FederatedMethod {
  /// `hetlora`.
  public static let name = "hetlora"
  /// For the reference.
  public static let meaning = "fedit over padded ranks that differ and shrink"

  private let settings: MethodSettings
  private static let rank = "rank"

  /// Creates the method.
  ///
  /// - Parameter settings: Its `ranks` are those the clients begin with; `options` has the rest.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Anything goes but late answers.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against answers to earlier rounds.
  public static func objection(to feature: MethodFeature) -> String? {
    feature == .lateUpdates ? "a client's rank is pruned by its newest answer" : nil
  }

  /// Clients may prune themselves.
  public var prunesRanks: Bool { true }

  /// The global adapter, cut to the client's rank.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: One set a layer.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] {
    let pruned = state.numbers[Self.rank]?[client].map { Int($0) }
    guard let rank = pruned ?? settings.ranks?[client] else { return state.global }
    return AdapterPair.resized(state.global, toRank: rank)
  }

  /// Clients are urged to need less, and prune themselves.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: The pruning rule.
  public func localRule(for task: ClientTask) -> any LocalRule {
    PruningRule(task, options: settings.options)
  }

  /// Pads, and takes the means by the norms of the products.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter and the clients' ranks.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    updates.setMeanOfOthers(in: &result.global)
    let adapters = updates.updates.map(\.adapter)
    for layer in state.global.indices {
      for pair in AdapterPair.pairs(in: state.global[layer]) {
        let factors = pair.factors(of: adapters, layer: layer)
        let mean = Self.mean(
          factors,
          updates.weights,
          rank: state.global[layer][pair.loraA]?.rowCount
        )
        result.global[layer][pair.loraA] = mean.loraA
        result.global[layer][pair.loraB] = mean.loraB
      }
    }
    for update in updates.updates {
      let rank = AdapterPair.rank(of: update.adapter).map(Double.init)
      result.numbers[Self.rank, default: [:]][update.client] = rank
    }
    return result
  }

  private static func mean(
    _ factors: [(loraA: Tensor, loraB: Tensor)],
    _ weights: [Double],
    rank: Int?
  ) -> (loraA: Tensor, loraB: Tensor) {
    let rank = rank ?? factors[0].loraA.rowCount
    let norms = factors.map { productNorm(loraB: $0.loraB, loraA: $0.loraA) }
    let present = norms.indices.filter { norms[$0] > 0 }
    // A weight of zero is absence; when nobody has learnt anything, all count as usual.
    let counted = present.isEmpty ? Array(norms.indices) : present
    let shares = counted.map { present.isEmpty ? weights[$0] : norms[$0] }
    let paddedA = counted.map { AdapterPair.resizedA(factors[$0].loraA, toRank: rank) }
    let paddedB = counted.map { AdapterPair.resizedB(factors[$0].loraB, toRank: rank) }
    return (
      Tensor(shape: paddedA[0].shape, elements: weightedMean(of: paddedA.map(\.elements), shares)),
      Tensor(shape: paddedB[0].shape, elements: weightedMean(of: paddedB.map(\.elements), shares))
    )
  }
}

/// `‖B A‖`, Frobenius.
private func productNorm(loraB: Tensor, loraA: Tensor) -> Double {
  let (loraB, loraA) = (DenseMatrix(loraB), DenseMatrix(loraA))
  let (gramB, gramA) = (loraB.transposed.times(loraB), loraA.times(loraA.transposed))
  let trace = zip(gramB.elements, gramA.elements).reduce(0) { $0 + $1.0 * $1.1 }
  return max(trace, 0).squareRoot()
}
