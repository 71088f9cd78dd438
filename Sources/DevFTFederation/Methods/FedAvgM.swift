/// Federated averaging with momentum on the server.
///
/// - Clients train as in FedIT, from the global adapter; all adapter numbers travel, both ways.
/// - With the weighted mean change `D = Σ p_k (θ_k − θ)` the server sets `m ← β m + (1 − β) D`, in its
///   first step `m = D`, and `θ ← θ + m`.
/// - Its state is reset at a change of stage.
/// - SeeAlso: Hsu et al., 2019, <https://arxiv.org/abs/1909.06335>; the `1 − β` is OpenFedLLM's.
public struct FedAvgM: FederatedMethod {
  /// `fedavgm`.
  public static let name = "fedavgm"
  /// For the reference.
  public static let meaning = "fedit with momentum on the server"

  private let options: MethodOptions

  /// Creates the method.
  ///
  /// - Parameter settings: Its hyper-parameters stand in `options`.
  public init(_ settings: MethodSettings = MethodSettings()) { options = settings.options }

  /// Moves the global adapter by the momentum.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with new adapter and moments.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    let momentum = options.serverMomentum
    let optimizer = ServerOptimizer(keepsSecond: false) { change, moments in
      moments.first =
        moments.isFirst ? change : momentum * moments.first + (1 - momentum) * change
      return moments.first
    }
    return optimizer.combine(updates, shares: updates.shares, into: state)
  }

  /// A submodel of other layers starts without moments.
  ///
  /// - Parameter state: What the stage's last round left.
  /// - Returns: The state without what the server keeps.
  public func stateAfterStage(_ state: FederatedState) -> FederatedState {
    FederatedState(global: state.global)
  }
}
