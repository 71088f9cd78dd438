/// Moves layers out of groups that have grown too large.
package struct GroupSizeLimit {
  /// The points of the layers.
  package let embedding: SpectralEmbedding
  /// Largest number of layers in a group, at least 1.
  package let maximumSize: Int

  /// Chooses the points and the limit.
  package init(embedding: SpectralEmbedding, maximumSize: Int) {
    self.embedding = embedding
    self.maximumSize = maximumSize
  }

  /// Makes all groups small enough, moving the layer that loses least each time.
  ///
  /// A move's loss is the layer's squared distance from the new centroid less that from its own.
  /// Greedy: the result meets the limit, though another one may cost less.
  ///
  /// - Parameter groups: Groups that may exchange layers, with room for all.
  /// - Returns: The groups after the moves.
  package func apply(to groups: [[Int]]) -> [[Int]] {
    precondition(
      groups.count * maximumSize >= groups.reduce(0) { $0 + $1.count },
      "\(groups.count) groups of at most \(maximumSize) do not hold the layers"
    )
    var groups = groups
    while groups.contains(where: { $0.count > maximumSize }) { moveOne(&groups) }
    return groups
  }

  private func moveOne(_ groups: inout [[Int]]) {
    let centroids = groups.map(embedding.centroid)
    var best: (layer: Int, from: Int, to: Int, loss: Double) = (0, 0, 0, .infinity)
    for from in groups.indices where groups[from].count > maximumSize {
      for layer in groups[from] {
        let own = embedding.squaredDistance(layer, to: centroids[from])
        for to in groups.indices where groups[to].count < maximumSize {
          let loss = embedding.squaredDistance(layer, to: centroids[to]) - own
          if loss < best.loss { best = (layer, from, to, loss) }
        }
      }
    }
    groups[best.from].removeAll { $0 == best.layer }
    groups[best.to].append(best.layer)
  }
}
