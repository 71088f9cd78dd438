public import DevFTTensor

/// Federated averaging whose result is a mean over rounds.
///
/// - Clients train as in FedIT, from the global adapter `x_t = Σ p_k θ_k`; all adapter numbers travel, both ways.
/// - The result is not `x_t`, which leans to the few clients of the last cohort, but the running mean
///   `a_t = a_{t-1} + (η + 1) / (t + η) · (x_t − a_{t-1})`: round `i` of `t` weighs about as `(i / t)^η`, so
///   that early rounds are forgotten however many there will be. `a_1 = x_1`. It never travels.
/// - A new stage begins a new mean.
/// - SeeAlso: Caldarola et al., 2022, section 4.2 (mean over rounds on the server),
///   <https://arxiv.org/abs/2203.11834>; Shamir and Zhang, 2013, section 4 (the weights),
///   <https://arxiv.org/abs/1212.1824>.
public struct FedSWA: FederatedMethod {
  /// `fedswa`.
  public static let name = "fedswa"
  /// For the reference.
  public static let meaning = "fedit whose result is a mean over the last rounds"

  private static let average = "average"
  private let power: Double

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.averagingPower` is `η`.
  public init(_ settings: MethodSettings = MethodSettings()) {
    power = settings.options.averagingPower
  }

  /// The fresh adapter is global, and its own mean.
  ///
  /// - Parameter adapter: A fresh adapter.
  /// - Returns: Both.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    FederatedState(global: adapter, server: [Self.average: adapter])
  }

  /// Takes the mean of the updates, and moves the mean over rounds to it.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with both.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    result.global = updates.mean(elsewhere: state.global)
    let round = (state.numbers[Self.average]?[0] ?? 0) + 1
    result.numbers[Self.average] = [0: round]
    let share = (power + 1) / (round + power)
    let last = state.server[Self.average] ?? state.global
    result.server[Self.average] = zip(last, result.global).map { old, new in
      new.map { name, tensor in
        old[name].map { $0.moved(to: tensor, by: share) } ?? tensor
      }
    }
    return result
  }

  /// The next stage begins a new mean.
  ///
  /// - Parameter state: What the stage's last round left.
  /// - Returns: The state with the mean as the adapter that the stage hands on.
  public func stateAfterStage(_ state: FederatedState) -> FederatedState {
    let average = state.server[Self.average] ?? state.global
    return FederatedState(global: average, server: [Self.average: average])
  }

  /// The mean over rounds.
  ///
  /// - Parameter state: What the last round left.
  /// - Returns: One adapter.
  public func evaluated(in state: FederatedState) -> [[NamedTensors]] {
    [state.server[Self.average] ?? state.global]
  }
}

extension Tensor {
  /// `x + s (y − x)` in double, rounded once; all of the way gives `y` to the bit.
  fileprivate func moved(to other: Tensor, by share: Double) -> Tensor {
    guard share < 1 else { return other }
    let elements = zip(elements, other.elements).map { old, new in
      Float(Double(old) + share * (Double(new) - Double(old)))
    }
    return Tensor(shape: shape, elements: elements)
  }
}
