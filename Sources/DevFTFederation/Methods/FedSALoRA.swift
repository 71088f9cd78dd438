public import DevFTTensor

/// Federated averaging of A alone; every client keeps a B of its own.
///
/// - Clients train both factors, from the global A and their own last B, which is zero at first; A
///   travels both ways. The server takes the mean `Ā = Σ p_k A_k`. A client's model is
///   `W + s B_k Ā`: there is no global one.
/// - Three results: `client_mean`, the plain mean of the losses of all clients that have trained;
///   `global_meanB`, one model with `Σ n_k B_k / Σ n_k` over the last B of these clients and their
///   aggregation weights `n_k`; `zero_B`, the server's own, which is the base model. One is the run's
///   result, the others are recorded beside it.
/// - The second needs every B on the server: when it is the run's result, clients send B too.
/// - At a change of stage A and every client's B are carried over, in a real federation by the
///   clients, with the map of the groups.
/// - SeeAlso: Guo et al., 2025, section 3, <https://arxiv.org/abs/2410.01463>.
public struct FedSALoRA: FederatedMethod {
  /// `fedsa-lora`.
  public static let name = "fedsa-lora"
  /// For the reference.
  public static let meaning = "mean of A, a B for each client"

  private let result: MethodOptions.FedSAResult
  private static let weight = "weight"

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.fedSAResult` says which model counts.
  public init(_ settings: MethodSettings = MethodSettings()) {
    result = settings.options.fedSAResult
  }

  /// Everything but what needs B on the server.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks and groups by adapter.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "the mean of A needs the same rank everywhere"
    case .groupingByAdapter: "its server has no B; matrices or matrices+norms will do"
    case .lateUpdates: "a client's B belongs to the A of its last round"
    case .stages, .fusionBySum, .unequalRates, .trainedHead: nil
    }
  }

  /// The global A and the client's own B.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: One set a layer.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] {
    state.personal[client].map { model(state.global, $0) } ?? state.global
  }

  /// A travels; so does B, up, when the server is to know its mean.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: Whether it is an A, of no pair, or a B that is wanted.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    !AdapterPair.isB(tensorName) || (result == .globalMeanB && way == .up)
  }

  /// Takes the mean of A; each client keeps its B.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new A and the clients' new B.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    result.global = model(updates.mean(), AdapterFactor.loraB.part(of: state.global))
    for (update, weight) in zip(updates.updates, updates.weights) {
      result.personal[update.client] = AdapterFactor.loraB.part(of: update.adapter)
      result.numbers[Self.weight, default: [:]][update.client] = weight
    }
    return result
  }

  /// Products are not aggregated.
  ///
  /// - Parameters:
  ///   - updates: Checked updates.
  ///   - state: What they were combined into.
  /// - Returns: Nothing.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { [] }

  /// The models that count.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Those of the clients that have trained, or one.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] {
    models(result, in: state)
  }

  /// The other two results.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Their models by name.
  public func otherResults(in state: FederatedState) -> [String: [[NamedTensors]]] {
    let others = MethodOptions.FedSAResult.allCases.filter { $0 != result }
    return Dictionary(
      uniqueKeysWithValues: others.map { ($0.rawValue, models($0, in: state)) }
    )
  }

  /// The clients' models, when they are what counts.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Those of the clients that have trained.
  public func personalAdapters(in state: FederatedState) -> [Int: [NamedTensors]] {
    result == .clientMean ? state.personal.mapValues { model(state.global, $0) } : [:]
  }

  private func models(
    _ result: MethodOptions.FedSAResult,
    in state: FederatedState
  ) -> [[NamedTensors]] {
    let clients = state.personal.keys.sorted()
    // Before the first round all three are the base model.
    guard !clients.isEmpty, result != .zeroB else { return [state.global] }
    if result == .clientMean { return clients.map { start(of: $0, in: state) } }
    let weights = clients.map { state.numbers[Self.weight]?[$0] ?? 1 }
    let mean = weightedMean(of: clients.compactMap { state.personal[$0] }, weights)
    return [model(state.global, mean)]
  }

  /// The A of one adapter with the B of another.
  private func model(_ loraA: [NamedTensors], _ loraB: [NamedTensors]) -> [NamedTensors] {
    loraA.indices.map { layer in
      var joined = loraA[layer]
      // A set without a B, such as a head's, may be missing in what clients keep.
      guard loraB.indices.contains(layer) else { return joined }
      let other = loraB[layer]
      for name in other.names { joined[name] = other[name] }
      return joined
    }
  }
}
