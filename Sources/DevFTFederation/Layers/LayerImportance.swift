import DevFTTensor

/// How much layers matter, by the norms of their gradients.
///
/// `s_l ← ρ s_l + (1 − ρ) g_l`, where `g_l` is the norm of the layer's gradient in units of the mean over its client's
/// layers, and the owners' mean by aggregation weight where several have the layer. It begins with the
/// first `g_l`; a layer that nobody has trained counts as the mean of the others.
struct LayerImportance {
  /// Name of the values among the numbers of a state.
  static let name = "fedpruner.importance"

  /// `s_l` of the layers that somebody has trained.
  private(set) var values: [Int: Double]

  /// Reads what a state knows.
  init(_ state: FederatedState) { values = state.numbers[Self.name] ?? [:] }

  /// The importance after a round.
  ///
  /// - Parameters:
  ///   - updates: Updates whose reports have gradient norms.
  ///   - memory: Share `ρ` of the old importance.
  /// - Returns: The new importance.
  func following(_ updates: WeightedUpdates, memory: Double) -> LayerImportance {
    var next = self
    for layer in updates.updates[0].adapter.indices {
      guard let norm = Self.relativeNorm(ofLayer: layer, updates) else { continue }
      next.values[layer] = values[layer].map { memory * $0 + (1 - memory) * norm } ?? norm
    }
    return next
  }

  /// Draws one of some layers, each with a chance in proportion to its importance.
  func draw(from layers: [Int], using stream: inout RandomStream) -> Int {
    // In the order of the layers, so that the sum is the same each time.
    let known = values.sorted { $0.key < $1.key }.map(\.value)
    let mean = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
    let weights = layers.map { values[$0] ?? mean }
    let total = weights.reduce(0, +)
    guard total > 0 else { return layers[stream.nextIndex(below: layers.count)] }
    var left = stream.nextUniform() * total
    for (layer, weight) in zip(layers, weights) {
      left -= weight
      if left < 0 { return layer }
    }
    return layers[layers.count - 1]
  }

  private static func relativeNorm(ofLayer layer: Int, _ updates: WeightedUpdates) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for (update, weight) in zip(updates.updates, updates.weights) {
      let (norms, owned) = (update.report.layerGradientNorms, update.ownedLayers)
      guard let place = owned.firstIndex(of: layer), norms.count == owned.count else { continue }
      let mean = norms.reduce(0, +) / Double(norms.count)
      guard mean > 0 else { continue }
      sum += weight * norms[place] / mean
      total += weight
    }
    return total > 0 ? sum / total : nil
  }
}
