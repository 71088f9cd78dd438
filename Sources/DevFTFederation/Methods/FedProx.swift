import DevFTTensor

/// Federated averaging whose clients are pulled back to where they started.
///
/// - Clients minimise `loss + (μ/2) Σ ‖θ − θ_start‖²` over all trained tensors; the term's gradient
///   `μ (θ − θ_start)` is added before clipping.
/// - All adapter numbers travel, both ways; the server takes their mean.
/// - SeeAlso: Li et al., 2020, section 3, <https://arxiv.org/abs/1812.06127>; `μ` as in OpenFedLLM.
public struct FedProx: FederatedMethod {
  /// `fedprox`.
  public static let name = "fedprox"
  /// For the reference.
  public static let meaning = "fedit with a pull to the round's start"

  private let proximalWeight: Double

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.proximalWeight` is `μ`.
  public init(_ settings: MethodSettings = MethodSettings()) {
    proximalWeight = settings.options.proximalWeight
  }

  /// Clients are pulled to what they got.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: The proximal rule.
  public func localRule(for task: ClientTask) -> any LocalRule {
    ProximalRule(weight: Float(proximalWeight), start: task.adapter)
  }
}

/// Adds `μ (θ − θ_start)` to the gradient.
private struct ProximalRule: LocalRule {
  let weight: Float
  let start: [NamedTensors]

  func addGradients(to gradients: inout [NamedTensors], at adapter: [NamedTensors]) {
    for layer in gradients.indices {
      for name in gradients[layer].names {
        guard let current = adapter[layer][name], let start = start[layer][name] else { continue }
        gradients[layer][name]?.addEach(current, start) { weight * ($0 - $1) }
      }
    }
  }
}
