public import DevFTTensor

/// The defaults: plain federated averaging.
extension FederatedMethod {
  /// Anything goes but what needs a rule of its own.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks, of which the mean of factors is not defined.
  public static func objection(to feature: MethodFeature) -> String? {
    feature == .unequalRanks ? "its clients all train the whole rank" : nil
  }

  /// Every client trains on its own share.
  ///
  /// - Parameter partition: The split of the examples.
  /// - Returns: The same split.
  public func population(of partition: Partition) -> Partition { partition }

  /// The fresh adapter is global.
  ///
  /// - Parameter adapter: A fresh adapter.
  /// - Returns: It alone.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    FederatedState(global: adapter)
  }

  /// All start from the global adapter.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: The global adapter.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] { state.global }

  /// Nothing is merged.
  ///
  /// - Parameters:
  ///   - roundCount: Rounds so far.
  ///   - clientCount: Clients of each.
  ///   - rank: Rank of the adapter.
  /// - Returns: 0.
  public func mergedRank(afterRounds roundCount: Int, clientCount: Int, rank: Int) -> Int { 0 }

  /// Nothing goes beside the adapter.
  ///
  /// - Parameters:
  ///   - state: What the last round left.
  ///   - place: The round.
  /// - Returns: Nothing.
  public func auxiliary(in state: FederatedState, at place: TaskPlace) -> [NamedTensors] { [] }

  /// Everything travels.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: `true`.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    true
  }

  /// No seeds travel.
  ///
  /// - Parameter place: Round, and when the client last took part.
  /// - Returns: No bytes.
  public func seedTraffic(at place: TaskPlace) -> Traffic { Traffic() }

  /// Clients train as if they were alone.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: A rule that changes nothing.
  public func localRule(for task: ClientTask) -> any LocalRule { PlainRule() }

  /// What goes down beside the adapter comes back changed.
  public var returnsAuxiliary: Bool { true }

  /// Clients send the rank they got.
  public var prunesRanks: Bool { false }

  /// The mean becomes the global adapter; a layer that nobody has trained stays.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    result.global = updates.mean(elsewhere: state.global)
    return result
  }

  /// The error of the mean of factors.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What they were combined into.
  /// - Returns: One entry a module.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { DevFTFederation.aggregationErrors(of: updates) }

  /// All of the state survives.
  ///
  /// - Parameter state: What the stage's last round left.
  /// - Returns: The same.
  public func stateAfterStage(_ state: FederatedState) -> FederatedState { state }

  /// Layers are compared by the global adapter.
  ///
  /// - Parameter state: What the last stage left.
  /// - Returns: The global adapter.
  public func groupedAdapter(in state: FederatedState) -> [NamedTensors] { state.global }

  /// The global adapter is the result.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: One adapter.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] { [state.global] }

  /// There is one result.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Nothing.
  public func otherResults(in state: FederatedState) -> [String: [[NamedTensors]]] { [:] }

  /// The result is one adapter for all.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Nothing.
  public func personalAdapters(in state: FederatedState) -> [Int: [NamedTensors]] { [:] }

  /// Single clients'.
  public static var adapterHolder: String { "client" }
}
