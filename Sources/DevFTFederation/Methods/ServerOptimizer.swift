import DevFTTensor

/// An optimizer of the server that takes the clients' mean change for a descent direction.
///
/// Factors are treated as vectors of independent numbers, as in the literature: momentum and
/// adaptive steps act on A and B, not on their product. All is computed in `Double`; moments are kept
/// in `Float`, under `first_moment` and `second_moment`.
struct ServerOptimizer: Sendable {
  /// The moments of one number.
  struct Moments {
    /// First moment, `m`.
    var first = 0.0
    /// Second moment, `v`.
    var second: Double
    /// Whether there was no step before, in this stage.
    var isFirst: Bool
  }

  /// Whether the first moment is kept.
  var keepsFirst = true
  /// Whether the second moment is kept.
  var keepsSecond = true
  /// What the second moment starts from.
  var initialSecond = 0.0
  /// Updates the moments by a mean change and gives what is added to the global number.
  let step: @Sendable (_ change: Double, _ moments: inout Moments) -> Double

  private static let firstName = "first_moment"
  private static let secondName = "second_moment"

  /// Moves the global adapter by `Σ share_k (θ_k − θ)`, through the moments.
  ///
  /// - Parameters:
  ///   - updates: The clients' updates.
  ///   - shares: Share of each.
  ///   - state: What the last round left.
  /// - Returns: The state with new adapter and moments.
  func combine(
    _ updates: WeightedUpdates,
    shares: [Double],
    into state: FederatedState
  ) -> FederatedState {
    var result = state
    if keepsFirst { result.server[Self.firstName] = state.server[Self.firstName] ?? state.global }
    if keepsSecond {
      result.server[Self.secondName] = state.server[Self.secondName] ?? state.global
    }
    let isFirst = state.server.isEmpty
    for layer in state.global.indices {
      for name in state.global[layer].names {
        let clients = updates.updates.map { $0.adapter[layer][name]?.elements ?? [] }
        apply(clients, shares, isFirst, to: &result, layer, name)
      }
    }
    return result
  }

  private func apply(
    _ clients: [[Float]],
    _ shares: [Double],
    _ isFirst: Bool,
    to state: inout FederatedState,
    _ layer: Int,
    _ name: String
  ) {
    guard var global = state.global[layer].remove(name) else { return }
    var first = state.server[Self.firstName]?[layer].remove(name)
    var second = state.server[Self.secondName]?[layer].remove(name)
    for index in global.elements.indices {
      let start = Double(global.elements[index])
      var change = 0.0
      for (client, share) in zip(clients, shares) {
        change += share * (Double(client[index]) - start)
      }
      var moments = Moments(second: initialSecond, isFirst: isFirst)
      if !isFirst {
        moments.first = Double(first?.elements[index] ?? 0)
        moments.second = Double(second?.elements[index] ?? 0)
      }
      global.elements[index] = Float(start + step(change, &moments))
      first?.elements[index] = Float(moments.first)
      second?.elements[index] = Float(moments.second)
    }
    state.global[layer][name] = global
    if let first { state.server[Self.firstName]?[layer][name] = first }
    if let second { state.server[Self.secondName]?[layer][name] = second }
  }
}

extension MethodOptions {
  /// The shares of the mean that an adaptive server optimizer follows.
  func shares(of updates: WeightedUpdates) -> [Double] {
    switch updateMean {
    case .weighted: updates.shares
    case .uniform: updates.shares.map { _ in 1 / Double(updates.updates.count) }
    }
  }

  /// The new first moment of FedYogi and FedAdam: the first change itself, then a moving mean.
  func firstMoment(_ change: Double, _ moments: ServerOptimizer.Moments) -> Double {
    moments.isFirst ? change : serverBeta1 * moments.first + (1 - serverBeta1) * change
  }

  /// What the second moment of FedYogi and FedAdam follows.
  func squared(_ change: Double, _ moments: ServerOptimizer.Moments) -> Double {
    switch secondMoment {
    case .momentum: moments.first * moments.first
    case .update: change * change
    }
  }

  /// The adaptive step `η m / (√v + τ)`.
  func adaptiveStep(_ first: Double, _ second: Double) -> Double {
    serverLearningRate * first / (second.squareRoot() + serverTau)
  }
}
