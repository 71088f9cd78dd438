public import DevFTTensor

/// Federated averaging with control variates against the drift of unequal clients.
///
/// - Server and clients keep control variates `c` and `c_i`, zero at first. After every optimizer step
///   of rate `η` a client moves on by `−η (c − c_i)`.
/// - At the end, with the start `x`, the end `y` and the sum `Σ η` over the steps that were made,
///   `c_i ← (x − y) / Σ η − c + c_i`; the change `Δc_i` is sent beside the adapter, and `c` comes
///   down beside it (`aux`): twice FedIT's bytes.
/// - The server takes the mean of the adapters, and `c ← c + Σ_{k in cohort} Δc_k / N` for a
///   population of `N`: `c` stays the mean of all `c_i`.
/// - Control variates are reset at a change of stage, since other layers have other gradients.
/// - `(x − y) / Σ η` estimates a gradient for plain descent (`local.optimizer: sgd`). AdamW's steps have
///   the size of the rate whatever the gradient, so that with it `c` is a mean direction only.
/// - SeeAlso: Karimireddy et al., 2020, algorithm 1, option II, <https://arxiv.org/abs/1910.06378>.
public struct Scaffold: FederatedMethod {
  /// `scaffold`.
  public static let name = "scaffold"
  /// For the reference.
  public static let meaning = "fedit with control variates against drift; meant for sgd"

  private let populationCount: Int
  private static let control = "control"

  /// Creates the method.
  ///
  /// - Parameter settings: Its `populationCount` is `N`.
  public init(_ settings: MethodSettings = MethodSettings()) {
    populationCount = settings.populationCount
  }

  /// What it cannot do.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks and unequal rates.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "its clients all train the whole rank"
    case .unequalRates: "its control variates divide by one learning rate"
    case .lateUpdates: "a client's control variate belongs to its last round"
    case .stages, .groupingByAdapter, .fusionBySum, .trainedHead: nil
    }
  }

  /// The fresh adapter and a control variate of zeros.
  ///
  /// - Parameter adapter: A fresh adapter.
  /// - Returns: Both.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    let zeros = adapter.map { $0.map { _, tensor in Tensor(shape: tensor.shape) } }
    return FederatedState(global: adapter, server: [Self.control: zeros])
  }

  /// The server's control variate.
  ///
  /// - Parameters:
  ///   - state: What the last round left.
  ///   - place: The round.
  /// - Returns: `c`, one set a layer.
  public func auxiliary(in state: FederatedState, at place: TaskPlace) -> [NamedTensors] {
    state.server[Self.control] ?? []
  }

  /// Clients correct their steps by `c − c_i`.
  ///
  /// - Parameter task: What the client is to do, with `c` and the `c_i` it has kept.
  /// - Returns: The correcting rule.
  public func localRule(for task: ClientTask) -> any LocalRule { ControlledRule(task) }

  /// Takes the mean of the adapters and moves the control variates.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares, `Δc_k` beside them.
  ///   - state: What the last round left.
  /// - Returns: The state with new adapter and control variates.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    result.global = updates.mean()
    let changes = updates.updates.map(\.auxiliary)
    let control = state.server[Self.control] ?? []
    result.server[Self.control] = control.sum(changes, factor: 1 / Double(populationCount))
    for update in updates.updates {
      let own = state.personal[update.client]
      result.personal[update.client] = own?.sum([update.auxiliary], factor: 1) ?? update.auxiliary
    }
    return result
  }

  /// The adapter, with control variates of zeros.
  ///
  /// - Parameter state: What the stage's last round left.
  /// - Returns: What the next stage starts with.
  public func stateAfterStage(_ state: FederatedState) -> FederatedState {
    initialState(state.global)
  }
}

/// Corrects each step by `c − c_i` and sends `Δc_i`.
private struct ControlledRule: LocalRule {
  private let start: [NamedTensors]
  private let control: [NamedTensors]
  /// `c_i`, or nothing for zeros.
  private let own: [NamedTensors]

  init(_ task: ClientTask) {
    start = task.adapter
    control = task.auxiliary
    own = task.kept
  }

  func correct(_ adapter: inout [NamedTensors], learningRate: Double) {
    let rate = Float(learningRate)
    for layer in adapter.indices {
      for name in adapter[layer].names {
        guard let control = control[layer][name] else { continue }
        let own = own.isEmpty ? Tensor(shape: control.shape) : own[layer][name] ?? control
        adapter[layer][name]?.addEach(control, own) { -rate * ($0 - $1) }
      }
    }
  }

  func sent(
    _ adapter: [NamedTensors],
    learningRates: Double
  ) -> (adapter: [NamedTensors], auxiliary: [NamedTensors]) {
    let changes = adapter.indices.map { layer in
      control[layer].map { name, control in
        guard let end = adapter[layer][name], let start = start[layer][name] else { return control }
        let (x, y, c) = (start.elements, end.elements, control.elements)
        let elements = c.indices.map { (index: Int) -> Float in
          let way = Double(x[index]) - Double(y[index])
          return Float(way / learningRates - Double(c[index]))
        }
        return Tensor(shape: control.shape, elements: elements)
      }
    }
    return (adapter, changes)
  }
}

extension [NamedTensors] {
  /// These tensors plus a multiple of the sum of others, in `Double`.
  fileprivate func sum(_ others: [[NamedTensors]], factor: Double) -> [NamedTensors] {
    indices.map { layer in
      self[layer].map { name, tensor in
        let rows = others.map { $0[layer][name]?.elements ?? [] }
        let elements = tensor.elements.indices.map { index in
          let sum = rows.reduce(0.0) { $0 + Double($1[index]) }
          return Float(Double(tensor.elements[index]) + factor * sum)
        }
        return Tensor(shape: tensor.shape, elements: elements)
      }
    }
  }
}
