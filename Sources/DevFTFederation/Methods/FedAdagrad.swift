/// Federated averaging with Adagrad on the server.
///
/// - Clients train as in FedIT, from the global adapter; all adapter numbers travel, both ways.
/// - With the mean change `D` the server sets `v ← v + D²`, from `v = τ²`, and
///   `θ ← θ + η D / (√v + τ)`.
/// - `D` is the plain mean by default, as in OpenFedLLM; `updateMean` weighs it as the paper does.
/// - Its state is reset at a change of stage.
/// - SeeAlso: Reddi et al., 2021, algorithm 2, <https://arxiv.org/abs/2003.00295>.
public struct FedAdagrad: FederatedMethod {
  /// `fedadagrad`.
  public static let name = "fedadagrad"
  /// For the reference.
  public static let meaning = "fedit with Adagrad on the server"

  private let options: MethodOptions

  /// Creates the method.
  ///
  /// - Parameter settings: Its hyper-parameters stand in `options`.
  public init(_ settings: MethodSettings = MethodSettings()) { options = settings.options }

  /// Moves the global adapter by an Adagrad step.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with new adapter and moments.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    let options = options
    let optimizer = ServerOptimizer(
      keepsFirst: false,
      initialSecond: options.serverTau * options.serverTau
    ) { change, moments in
      moments.second += change * change
      return options.adaptiveStep(change, moments.second)
    }
    return optimizer.combine(updates, shares: options.shares(of: updates), into: state)
  }

  /// A submodel of other layers starts without moments.
  ///
  /// - Parameter state: What the stage's last round left.
  /// - Returns: The state without what the server keeps.
  public func stateAfterStage(_ state: FederatedState) -> FederatedState {
    FederatedState(global: state.global)
  }
}
