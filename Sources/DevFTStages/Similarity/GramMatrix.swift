package import DevFTTensor

/// Inner products of all pairs of layers, summed over their parameters in float64.
///
/// `G_ij = Σ_p ⟨θ_i[p], θ_j[p]⟩`. Parameters are added one at a time, or a range of rows at a time,
/// so only that much of all layers is in memory. Each is cut into parts of a fixed length, whose
/// products are computed on several threads and added one after the other: the order of the
/// additions depends on the sizes alone.
package struct GramMatrix {
  /// Number of layers.
  package let layerCount: Int
  /// `G`, row-major, symmetric.
  package private(set) var values: [Double]

  /// Numbers of each layer that one task multiplies: a small part of what is added at a time.
  private static let partLength = 1 << 14

  /// Starts from zero.
  package init(layerCount: Int) {
    self.layerCount = layerCount
    values = Array(repeating: 0, count: layerCount * layerCount)
  }

  /// Adds the inner products of one parameter, or of some of its rows.
  ///
  /// - Parameter tensors: The numbers in every layer, lowest first, all of one size.
  package mutating func add(_ tensors: [Tensor]) {
    precondition(tensors.count == layerCount, "\(tensors.count) tensors, \(layerCount) layers")
    let count = tensors.first?.count ?? 0
    precondition(tensors.allSatisfy { $0.count == count }, "tensors of several sizes")
    let parts = parallelMap((count + Self.partLength - 1) / Self.partLength) { part in
      let start = part * Self.partLength
      return InnerProducts.ofPairs(tensors, in: start..<min(start + Self.partLength, count))
    }
    for part in parts {
      for index in values.indices { values[index] += part[index] }
    }
  }
}
