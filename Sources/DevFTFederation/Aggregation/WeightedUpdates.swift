public import DevFTTensor

/// Checked updates of one round with their weights, in the order of the clients.
///
/// Invariant: at least one; weights above 0; same number of layers, and in each the same names
/// or none, shapes that differ in the rank at most. A client owns the layers in which it has tensors.
/// Updates that weigh nothing are left out, so weight 0 is the same as absence.
public struct WeightedUpdates: Sendable {
  /// The updates, ascending by client.
  public let updates: [ClientUpdate]
  /// The aggregation weight of each update.
  public let weights: [Double]
  private let totalWeight: Double

  /// Sorts updates and weighs them.
  ///
  /// - Parameters:
  ///   - updates: At most one a client, in any order.
  ///   - weighting: What an update weighs.
  ///   - lateness: Rounds that a client's update is late, which lessens its weight; none is by default.
  /// - Throws: `FederationError` with code `noWeight` when no update weighs anything.
  /// - Precondition: The updates have the same layers and names, and shapes that differ in the rank
  ///   at most.
  public init(
    _ updates: [ClientUpdate],
    weighting: AggregationWeighting,
    lateness: [Int: Int] = [:]
  ) throws(FederationError) {
    let present = updates.sorted { $0.client < $1.client }
      .map { update in
        let staleness = lateness[update.client].map(Stragglers.staleness) ?? 1
        return (update: update, weight: weighting.weight(of: update.report) * staleness)
      }
      .filter { $0.weight > 0 }
    guard !present.isEmpty else {
      throw FederationError(
        .noWeight,
        "none of \(updates.count) updates weighs anything (weighting by \(weighting))"
      )
    }
    var layout = AdapterLayout(AdapterPair.resized(present[0].update.adapter, toRank: 1))
    for (update, _) in present.dropFirst() {
      let other = AdapterLayout(AdapterPair.resized(update.adapter, toRank: 1))
      layout = layout.filled(from: other)
      let difference = layout.difference(to: other.filled(from: layout))
      precondition(difference == nil, "client \(update.client): \(difference ?? "")")
    }
    self.updates = present.map(\.update)
    weights = present.map(\.weight)
    totalWeight = weights.reduce(0, +)
  }

  private init(_ updates: [ClientUpdate], weights: [Double]) {
    self.updates = updates
    self.weights = weights
    totalWeight = weights.reduce(0, +)
  }

  /// The updates of some clients, with shares among themselves.
  ///
  /// - Parameter isIncluded: Whether a client's update is taken.
  /// - Returns: Their updates, or `nil` when there is none.
  func only(_ isIncluded: (_ client: Int) -> Bool) -> WeightedUpdates? {
    let chosen = updates.indices.filter { isIncluded(updates[$0].client) }
    guard !chosen.isEmpty else { return nil }
    return WeightedUpdates(chosen.map { updates[$0] }, weights: chosen.map { weights[$0] })
  }

  /// Share `p_k` of each update: its weight over the sum of the weights.
  public var shares: [Double] { weights.map { $0 / totalWeight } }

  /// The mean adapter: `Σ p_k θ_k`, number by number.
  ///
  /// Sums weight times number in `Double` in the order of the clients and divides once: any order of
  /// arrival gives the same bytes. One client gives its own numbers, and equal updates give that
  /// update, both to the bit.
  ///
  /// - Returns: One set a layer.
  /// - Precondition: All updates have the same rank.
  /// - Complexity: One pass over each update.
  public func mean() -> [NamedTensors] { weightedMean(of: updates.map(\.adapter), weights) }

  /// The mean of each layer over the clients that own it; a layer without owner is another adapter's.
  ///
  /// The weights of a layer's owners make up its shares. Where all own all, this is ``mean()``.
  ///
  /// - Parameter other: The adapter for layers without owner, one set a layer.
  /// - Returns: One set a layer.
  /// - Precondition: All updates have the same rank.
  public func mean(elsewhere other: [NamedTensors]) -> [NamedTensors] {
    other.indices.map { layer in
      let owners = owners(ofLayer: layer)
      guard !owners.isEmpty else { return other[layer] }
      return weightedMean(of: owners.map { [$0.layer] }, owners.map(\.weight))[0]
    }
  }

  /// What the owners of a layer have made of it, with their weights.
  func owners(ofLayer layer: Int) -> [(layer: NamedTensors, weight: Double)] {
    zip(updates, weights).map { (layer: $0.adapter[layer], weight: $1) }
      .filter { $0.layer.count > 0 }
  }

  /// Mean of the clients' losses by share.
  public var loss: Double { zip(updates, shares).reduce(0) { $0 + $1.0.report.loss * $1.1 } }
}
