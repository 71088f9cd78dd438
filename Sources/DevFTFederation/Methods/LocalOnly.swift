public import DevFTTensor

/// Training alone: every client keeps its own adapter and never hears of the others.
///
/// What a client would reach without taking part. Nothing travels; the global adapter stays as it was
/// and is where a client starts the first time. The result is the mean over the clients that
/// have trained.
public struct LocalOnly: FederatedMethod {
  /// `local-only`.
  public let name = "local-only"

  /// Creates the method.
  public init() {}

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
  /// - Parameter tensorName: Name of the tensor in its layer.
  /// - Returns: `false`.
  public func travels(_ tensorName: String) -> Bool { false }

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
}
