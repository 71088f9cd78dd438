public import DevFTTensor

/// A way to train one adapter, or many, on data that stays with its clients.
///
/// A method says what clients start from and train, what travels, how the server combines updates,
/// what survives a change of stage, and which adapters count as the result. The defaults are those
/// of plain federated averaging.
///
/// Laws: a call depends on its arguments alone, what lasts is in ``FederatedState``; the order in
/// which updates arrived changes nothing; with one client, a round of a method that averages
/// gives that client's trained adapter, to the bit.
public protocol FederatedMethod: Sendable {
  /// Its name in a configuration.
  static var name: String { get }

  /// What it does: a clause for the reference of configuration keys.
  static var meaning: String { get }

  /// Why it cannot do something, or `nil` when it can.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A clause that goes on "the method cannot have this: ".
  static func objection(to feature: MethodFeature) -> String?

  /// Whether the server must have public prompts to run the model on.
  static var needsPrompts: Bool { get }

  /// Creates the method for a run.
  ///
  /// - Parameter settings: Hyper-parameters and what the method must know of the run.
  init(_ settings: MethodSettings)

  /// The clients that train, given those that hold the examples.
  ///
  /// - Parameter partition: The split of the examples.
  /// - Returns: The split to train on.
  func population(of partition: Partition) -> Partition

  /// What the first round starts from.
  ///
  /// - Parameter adapter: A fresh adapter, one set a layer of the model.
  /// - Returns: The state before any round.
  func initialState(_ adapter: [NamedTensors]) -> FederatedState

  /// The adapter a client starts a round from.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: One set a layer of the submodel.
  func start(of client: Int, in state: FederatedState) -> [NamedTensors]

  /// The state before any round, with what the method wants to know of the layers.
  ///
  /// - Parameters:
  ///   - state: The initial state.
  ///   - survey: Says it.
  /// - Returns: What the first round starts from.
  /// - Throws: What the survey throws.
  func prepared(_ state: FederatedState, by survey: any LayerSurvey) throws -> FederatedState

  /// Which layers a client's round uses.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - place: Round, and when the client last took part.
  ///   - state: What the last round left.
  /// - Returns: The selection, of as many layers as the global adapter has; `nil` for all of them.
  func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection?

  /// A selection that costs as much as any round's, for plans of memory and time.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: The selection; `nil` for all layers.
  func costliestLayers(layerCount: Int) -> LayerSelection?

  /// Rank of the frozen pairs beside the adapter after some rounds, for plans of memory.
  ///
  /// - Parameters:
  ///   - roundCount: Rounds so far.
  ///   - clientCount: Clients of each.
  ///   - rank: Rank `R` of the adapter.
  /// - Returns: The most that a module can have; 0 where nothing is merged.
  func mergedRank(afterRounds roundCount: Int, clientCount: Int, rank: Int) -> Int

  /// What goes down to every client beside the adapter.
  ///
  /// - Parameters:
  ///   - state: What the last round left.
  ///   - place: The round.
  /// - Returns: Sets of tensors that client and server understand alike, or nothing.
  func auxiliary(in state: FederatedState, at place: TaskPlace) -> [NamedTensors]

  /// Whether a tensor of the adapter travels.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down before a round, or up after it.
  ///   - place: Round, and when the client last took part.
  /// - Returns: `false` when the other side has it, or never gets it; it then costs no bytes.
  func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool

  /// Bytes that travel beside tensors, such as the seed of one that does not travel.
  ///
  /// - Parameter place: Round, and when the client last took part.
  /// - Returns: The bytes, as `aux`.
  func seedTraffic(at place: TaskPlace) -> Traffic

  /// How a client trains.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: What differs from plain training.
  func localRule(for task: ClientTask) -> any LocalRule

  /// Whether clients answer what goes down beside the adapter by tensors of the same shapes.
  var returnsAuxiliary: Bool { get }

  /// Whether clients may send adapters of a lower rank than they got.
  var prunesRanks: Bool { get }

  /// Combines the updates of a round.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: What the next round starts from.
  /// - Throws: `FederationError` with code `notSolvable` when its equations have no solution.
  func combine(
    _ updates: WeightedUpdates,
    into state: FederatedState
  ) throws(FederationError) -> FederatedState

  /// What combining cost, module by module.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What they were combined into.
  /// - Returns: One entry a module; none where products are not what is combined.
  func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError]

  /// What is left of the state at the end of a stage, before its adapters are transferred.
  ///
  /// All of `global`, `personal` and `server` that is left is then carried over as the stage plan says.
  ///
  /// - Parameter state: What the stage's last round left.
  /// - Returns: What the next stage is to have.
  func stateAfterStage(_ state: FederatedState) -> FederatedState

  /// The adapter that layers are compared by, where they are grouped by it.
  ///
  /// - Parameter state: What the last stage left, at full depth.
  /// - Returns: One set a layer, PEFT's names.
  func groupedAdapter(in state: FederatedState) -> [NamedTensors]

  /// The adapters whose mean result is the method's result.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: At least one adapter.
  func evaluated(in state: FederatedState) -> [[NamedTensors]]

  /// Other results to measure beside it.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: By name, adapters whose mean result is meant.
  func otherResults(in state: FederatedState) -> [String: [[NamedTensors]]]

  /// The result as adapters of single clients, of methods without a global one.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: Adapters by client; none when the result is one adapter for all.
  func personalAdapters(in state: FederatedState) -> [Int: [NamedTensors]]

  /// Whose the adapters of `personalAdapters` are, for the names of their directories.
  static var adapterHolder: String { get }
}

extension FederatedMethod {
  /// Its name in a configuration.
  public var name: String { Self.name }
}
