/// Federated averaging with Adam on the server.
///
/// - Clients train as in FedIT, from the global adapter; all adapter numbers travel, both ways.
/// - With the mean change `D` the server sets `m ← β₁ m + (1 − β₁) D`, in its first step `m = D`, then
///   `v ← β₂ v + (1 − β₂) m²` and
///   `θ ← θ + η m / (√v + τ)`, without bias correction; `v` starts at `τ²`.
/// - Differs from the paper by default, as OpenFedLLM does: `v` follows `m²`, not `D²`
///   (`secondMoment`), and `D` is the plain mean (`updateMean`).
/// - Its state is reset at a change of stage.
/// - SeeAlso: Reddi et al., 2021, algorithm 2, <https://arxiv.org/abs/2003.00295>.
public struct FedAdam: FederatedMethod {
  /// `fedadam`.
  public static let name = "fedadam"
  /// For the reference.
  public static let meaning = "fedit with Adam on the server"

  private let options: MethodOptions

  /// Creates the method.
  ///
  /// - Parameter settings: Its hyper-parameters stand in `options`.
  public init(_ settings: MethodSettings = MethodSettings()) { options = settings.options }

  /// Moves the global adapter by an Adam step.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with new adapter and moments.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    let options = options
    let optimizer = ServerOptimizer(initialSecond: options.serverTau * options.serverTau) {
      change,
      moments in
      moments.first = options.firstMoment(change, moments)
      let square = options.squared(change, moments)
      moments.second = options.serverBeta2 * moments.second + (1 - options.serverBeta2) * square
      return options.adaptiveStep(moments.first, moments.second)
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
