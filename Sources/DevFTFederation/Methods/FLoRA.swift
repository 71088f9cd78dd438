public import DevFTTensor

/// Federated stacking: every client's pair is merged into the base, and all begin anew each round.
///
/// - A client draws its own fresh A and starts with B = 0, at its own rank `R_k`, on the base with all that
///   was merged before; it sends both factors.
/// - The server stacks `A = [p_1 A_1; p_2 A_2; …]` and `B = [B_1, B_2, …]`: `B A = Σ p_k B_k A_k` without
///   error. The shares stand in A alone, and all clients have the scale `alpha / lora.rank`.
/// - The stack goes down to everyone and is merged: `W ← W + s B A`. Here W stays as it is, and the factors
///   join the ``FactorBank`` beside it. Down go the stacks that the client has missed.
/// - Evaluated on base and bank; that is the adapter which is written, too. In stages what was merged goes to
///   every layer of a group, and the next fusion takes the layers with it.
/// - SeeAlso: Wang et al., 2024, section 3, <https://arxiv.org/abs/2409.05976>.
public struct FLoRA: FederatedMethod {
  /// `flora`.
  public static let name = "flora"
  /// For the reference.
  public static let meaning = "adapters stacked and merged, fresh ones each round; ranks may differ"

  private let settings: MethodSettings
  /// Name of the numbers that say how often each client's pair was merged.
  private static let draws = "draws"

  /// Creates the method.
  ///
  /// - Parameter settings: `seed` is that of the fresh A, `ranks` are the clients', and
  ///   `options.bankRank` limits the bank.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Anything goes but a head and late answers.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against a trained head and answers to earlier rounds.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .trainedHead: "it merges low-rank pairs into the base, and a head is none"
    case .lateUpdates: "what it merges changes the base that a late client started from"
    case .stages, .groupingByAdapter, .fusionBySum, .unequalRanks, .unequalRates: nil
    }
  }

  /// An adapter that changes nothing, for the shapes.
  ///
  /// - Parameter adapter: A fresh adapter.
  /// - Returns: The state before any round.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    FederatedState(
      global: adapter.map { layer in
        layer.map { AdapterPair.isB($0) ? Tensor(shape: $1.shape) : $1 }
      }
    )
  }

  /// A fresh adapter of the client's rank.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: `A ~ U(−1/√in, 1/√in)` and `B = 0`, one set a layer.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] {
    let draw = 1 + Int(state.numbers[Self.draws]?[client] ?? 0)
    return state.global.enumerated().map { layer, tensors in
      tensors.map { name, tensor in
        let rank = settings.ranks?[client]
        guard AdapterPair.isA(name) else {
          return Tensor(shape: [tensor.rowCount, rank ?? tensor.columnCount])
        }
        let (rows, columns) = (rank ?? tensor.rowCount, tensor.columnCount)
        var stream = RandomStream(
          seed: settings.seed,
          purpose: "flora layer \(layer) \(name)",
          round: draw,
          client: client
        )
        let bound = 1 / Double(columns).squareRoot()
        let numbers = (0..<rows * columns).map { _ in
          Float(bound * (2 * stream.nextUniform() - 1))
        }
        return Tensor(shape: [rows, columns], elements: numbers)
      }
    }
  }

  /// Pairs go up; down goes what was merged.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: Whether it goes up.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    way == .up
  }

  /// Stacks and merges.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a grown bank.
  /// - Throws: `FederationError` with code `notSolvable`.
  public func combine(
    _ updates: WeightedUpdates,
    into state: FederatedState
  ) throws(FederationError) -> FederatedState {
    var result = state
    let adapters = updates.updates.map(\.adapter)
    let stacks = state.global.indices.map { layer in
      var stack = NamedTensors()
      for pair in AdapterPair.pairs(in: state.global[layer]) {
        let factors = pair.factors(of: adapters, layer: layer)
        let scaled = zip(factors, updates.shares).map { $0.loraA.scaled(by: $1) }
        stack[pair.loraA] = AdapterPair.stackedA(scaled)
        stack[pair.loraB] = AdapterPair.stackedB(factors.map(\.loraB))
      }
      return stack
    }
    try result.merge(
      stacks,
      round: updates.updates[0].round,
      rankLimit: settings.options.bankRank
    )
    for update in updates.updates {
      result.numbers[Self.draws, default: [:]][update.client, default: 0] += 1
    }
    return result
  }

  /// The ranks of all pairs, up to the bank's limit.
  ///
  /// - Parameters:
  ///   - roundCount: Rounds so far.
  ///   - clientCount: Clients of each.
  ///   - rank: Rank of the adapter.
  /// - Returns: The most that a module can have.
  public func mergedRank(afterRounds roundCount: Int, clientCount: Int, rank: Int) -> Int {
    let whole = roundCount * clientCount * (settings.ranks?.max() ?? rank)
    return settings.options.bankRank == 0 ? whole : min(whole, settings.options.bankRank)
  }

  /// What a cut of the bank has lost; stacking loses nothing.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What they were combined into.
  /// - Returns: One entry a module.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { state.mergeErrors(of: updates) }
}

extension Tensor {
  /// Each number times a factor, rounded once.
  fileprivate func scaled(by factor: Double) -> Tensor {
    Tensor(shape: shape, elements: elements.map { Float(Double($0) * factor) })
  }
}
