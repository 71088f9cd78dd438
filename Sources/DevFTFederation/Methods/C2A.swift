public import DevFTTensor

/// Federated averaging of a hypernetwork that makes the adapters of all layers for the mix of examples at hand.
///
/// - Clients train, and send, a ``HyperNetwork`` in the place of adapters; the server takes its mean by
///   example counts. A step's adapter is made for the shares of the classes in its batch; the result is the
///   adapter of equal shares, an ordinary one.
/// - Classes are an encoder's labels. Instructions have none: the server groups the prompts that it may see
///   into `C` clusters (k-means on normalised means of token embeddings), and an example belongs to the nearest
///   one. A client gets the `4 C D` bytes of the centroids once, as `aux`; which examples it has stays with it.
/// - Bytes `b P` up and down, with `P = Σ_modules (2 t R c + (c + R)(in + out)) + t L + t C + t` for the layers
///   `L` of the submodel. Stages save computing and memory, hardly bytes: only a layer's embedding is its own.
///   It is fused and transferred like an adapter.
/// - **Differs from the source**, whose network makes bottleneck adapters with a GELU behind attention and
///   feed-forward, both matrices of which are the same numbers. Here it makes the factors of LoRA on the run's
///   projections, so that the result is an adapter that other programs load; A and B have heads of their own,
///   since their shapes differ, and B's rows are not scaled to length 1, since it has to start at zero. The
///   source's third condition, the mean hidden state of the batch, is left out: with it an answer would
///   depend on what else is in the batch.
/// - The source trains by AdamW at a constant 3e-4; the run's own settings count.
/// - SeeAlso: Kim et al., 2023, *Client-Customized Adaptation for Parameter-Efficient Federated Learning*,
///   <https://github.com/yeachan-kr/c2a>.
public struct C2A: FederatedMethod {
  /// `c2a`.
  public static let name = "c2a"
  /// For the reference.
  public static let meaning =
    "mean of a network that makes LoRA factors for a batch's mix of examples"
  /// Clusters of instructions are found in public prompts.
  public static let needsPrompts = true

  private let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: `options` has the clusters and widths; `classCount` the labels, if there are any.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Everything but what treats single factors.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks, unequal rates and sums.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "its clients all train the whole hypernetwork"
    case .unequalRates: "its clients train no factors but what makes them"
    case .fusionBySum: "a sum of embeddings has the common part of the condition only once"
    case .stages, .groupingByAdapter, .trainedHead, .lateUpdates: nil
    }
  }

  /// A fresh hypernetwork; its adapters change nothing yet.
  ///
  /// - Parameter adapter: A fresh adapter, for its names and shapes.
  /// - Returns: The state before any round.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    FederatedState(
      global: HyperNetwork.fresh(
        for: adapter,
        classCount: settings.classCount ?? settings.options.clusters,
        options: settings.options,
        seed: settings.seed
      )
    )
  }

  /// Groups the public prompts, where examples have no labels.
  ///
  /// - Parameters:
  ///   - state: The initial state.
  ///   - survey: Has the prompts.
  /// - Returns: The state with the centroids.
  /// - Throws: What the survey throws.
  public func prepared(
    _ state: FederatedState,
    by survey: any LayerSurvey
  ) throws -> FederatedState {
    guard settings.classCount == nil else { return state }
    var state = state
    state.global[state.global.count - 1][HyperName.centroids] =
      try survey.promptCentroids(count: settings.options.clusters)
    return state
  }

  /// Everything travels but the centroids, which every client has.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: Whether it is trained.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    tensorName != HyperName.centroids
  }

  /// The centroids go with a client's first task, in float32.
  ///
  /// - Parameter place: Round, and when the client last took part.
  /// - Returns: Their bytes, once.
  public func seedTraffic(at place: TaskPlace) -> Traffic {
    guard settings.classCount == nil, place.lastRound == nil else { return Traffic() }
    return Traffic(aux: 4 * settings.options.clusters * (settings.width ?? 0))
  }

  /// Clients train what makes the adapters.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: The rule.
  public func localRule(for task: ClientTask) -> any LocalRule { HyperNetworkRule() }

  /// No products are aggregated.
  ///
  /// - Parameters:
  ///   - updates: Checked updates.
  ///   - state: What they were combined into.
  /// - Returns: Nothing.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { [] }

  /// The adapter of equal shares, which layers are compared by.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: One set a layer.
  public func groupedAdapter(in state: FederatedState) -> [NamedTensors] {
    evaluated(in: state)[0]
  }

  /// The adapter of equal shares of all classes.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: One adapter.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] {
    let network = HyperNetwork(state.global)
    return [network.adapter(shares: network.shares(of: []))]
  }
}

/// Trains a hypernetwork; the centroids stay.
private struct HyperNetworkRule: LocalRule {
  let trainsHyperNetwork = true

  func trains(_ tensorName: String) -> Bool { tensorName != HyperName.centroids }
}
