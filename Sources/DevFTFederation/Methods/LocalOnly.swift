public import DevFTTensor

/// Training alone: every client keeps its own adapter and never hears of the others.
///
/// What a client would reach without taking part. Nothing travels; the global adapter stays as it was
/// and is where a client starts the first time. The result is the mean over the clients that
/// have trained.
public struct LocalOnly: FederatedMethod {
  /// `local-only`.
  public static let name = "local-only"
  /// For the reference.
  public static let meaning = "clients never share"

  /// Creates the method.
  ///
  /// - Parameter settings: Not looked at.
  public init(_ settings: MethodSettings = MethodSettings()) {}

  /// Anything goes but what needs other clients.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks and answers to earlier rounds.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "its clients all train the whole rank"
    case .lateUpdates: "nothing is combined"
    case .stages, .groupingByAdapter, .fusionBySum, .unequalRates, .trainedHead: nil
    }
  }

  /// The client's own adapter.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: Its adapter, or the global one when it has not trained yet.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] {
    state.personal[client] ?? state.global
  }

  /// Nothing travels.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: `false`.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    false
  }

  /// Each client keeps what it trained.
  ///
  /// - Parameters:
  ///   - updates: Checked updates; their shares do not matter.
  ///   - state: What the last round left.
  /// - Returns: The state with the clients' new adapters.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    for update in updates.updates { result.personal[update.client] = update.adapter }
    return result
  }

  /// The adapters of all clients that have trained, by client.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Their adapters, or the global one when nobody has trained.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] {
    let adapters = state.personal.sorted { $0.key < $1.key }.map(\.value)
    return adapters.isEmpty ? [state.global] : adapters
  }

  /// Nothing is aggregated.
  ///
  /// - Parameters:
  ///   - updates: Checked updates.
  ///   - state: What they were combined into.
  /// - Returns: Nothing.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { [] }

  /// Each client has its own adapter.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: The adapters of those that have trained.
  public func personalAdapters(in state: FederatedState) -> [Int: [NamedTensors]] {
    state.personal
  }
}
