public import DevFTTensor

/// A way to train one adapter, or many, on data that stays with its clients.
///
/// A method says what clients start from, what travels, how the server combines updates and which
/// adapters count as the result. What survives a change of stage is ``FederatedState``, all of it,
/// each adapter carried over as the stage plan says. The defaults are those of plain federated
/// averaging.
///
/// Laws: with one client, a round gives that client's trained adapter, to the bit; the order in
/// which updates arrived changes nothing.
public protocol FederatedMethod: Sendable {
  /// Its name in a configuration.
  var name: String { get }

  /// The clients that train, given those that hold the examples.
  ///
  /// - Parameter partition: The split of the examples.
  /// - Returns: The split to train on.
  func population(of partition: Partition) -> Partition

  /// The adapter a client starts a round from.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: One set a layer of the submodel.
  func start(of client: Int, in state: FederatedState) -> [NamedTensors]

  /// Whether a tensor travels between server and client, down before a round and up after it.
  ///
  /// - Parameter tensorName: Name of the tensor in its layer.
  /// - Returns: `false` when it never leaves its place, and so costs no bytes.
  func travels(_ tensorName: String) -> Bool

  /// Combines the updates of a round.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: What the next round starts from.
  func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState

  /// The adapters whose mean result is the method's result.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: At least one adapter.
  func evaluated(in state: FederatedState) -> [[NamedTensors]]
}

extension FederatedMethod {
  /// Every client trains on its own share.
  ///
  /// - Parameter partition: The split of the examples.
  /// - Returns: The same split.
  public func population(of partition: Partition) -> Partition { partition }

  /// All start from the global adapter.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - state: What the last round left.
  /// - Returns: The global adapter.
  public func start(of client: Int, in state: FederatedState) -> [NamedTensors] { state.global }

  /// The mean becomes the global adapter.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    FederatedState(global: updates.mean(), personal: state.personal)
  }

  /// The global adapter is the result.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: One adapter.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] { [state.global] }
}
