package import DevFTTensor

/// k-means: groups of layers with the smallest sum of squared distances from their centroids.
///
/// k-means++ seeding, Lloyd's steps until no layer moves, then Hartigan's single moves, from several
/// starts of which the cheapest wins, the earlier on a tie. No group is ever empty. In Lloyd's steps
/// a layer changes its group only for a strictly nearer centroid, the lowest-numbered on a tie.
///
/// The single moves are there for layers of real models, which are nearly orthogonal: on those of
/// SmolLM2-135M, Lloyd's steps alone ended in other groups for every seed even after 1000 starts;
/// with single moves 200 starts end in the same, cheaper groups for all seeds tried.
///
/// - SeeAlso: Arthur and Vassilvitskii, 2007, *k-means++: the advantages of careful seeding*;
///   Telgarsky and Vattani, 2010, *Hartigan's method: k-means clustering without Voronoi*.
package struct KMeans {
  /// Number of groups.
  package let groupCount: Int
  /// Number of starts, at least 1.
  package let restarts: Int

  /// Steps of one start, Lloyd's and single moves each; convergence comes long before.
  private static let stepLimit = 300
  /// Two costs nearer than this, relatively, are equal: rounding must not choose.
  package static let relativeTolerance = 1e-12

  /// Chooses the number of groups and starts.
  package init(groupCount: Int, restarts: Int) {
    precondition(groupCount >= 1 && restarts >= 1, "\(groupCount) groups, \(restarts) restarts")
    self.groupCount = groupCount
    self.restarts = restarts
  }

  /// Groups some layers.
  ///
  /// - Parameters:
  ///   - layers: Which layers; at least as many as groups.
  ///   - embedding: Their points.
  ///   - stream: Draws the starts.
  /// - Returns: The groups, none empty.
  package func groups(
    of layers: [Int],
    in embedding: SpectralEmbedding,
    using stream: inout RandomStream
  ) -> [[Int]] {
    precondition(layers.count >= groupCount, "\(layers.count) layers, \(groupCount) groups")
    var best: (groups: [[Int]], cost: Double) = ([], .infinity)
    for _ in 0..<restarts {
      let start = converge(layers, embedding, seeds(layers, embedding, &stream))
      let groups = refined(start, embedding)
      let cost = groups.reduce(0) { $0 + embedding.cost($1) }
      if best.groups.isEmpty || cost < best.cost * (1 - Self.relativeTolerance) {
        best = (groups, cost)
      }
    }
    return best.groups
  }

  /// k-means++: each next seed is drawn with a probability proportional to its squared distance
  /// from the nearest seed so far.
  private func seeds(
    _ layers: [Int],
    _ embedding: SpectralEmbedding,
    _ stream: inout RandomStream
  ) -> [[Double]] {
    var chosen = [stream.nextIndex(below: layers.count)]
    var nearest = Array(repeating: Double.infinity, count: layers.count)
    while chosen.count < groupCount {
      let seed = embedding.rows[layers[chosen[chosen.count - 1]]]
      for (index, layer) in layers.enumerated() {
        nearest[index] = min(nearest[index], embedding.squaredDistance(layer, to: seed))
      }
      chosen.append(Self.draw(nearest, except: chosen, &stream))
    }
    return chosen.map { embedding.rows[layers[$0]] }
  }

  /// An index with a probability proportional to its weight; the lowest free one if none weighs.
  private static func draw(
    _ weights: [Double],
    except taken: [Int],
    _ stream: inout RandomStream
  ) -> Int {
    var left = stream.nextUniform() * weights.reduce(0, +)
    var last = weights.indices.first { !taken.contains($0) } ?? 0
    for (index, weight) in weights.enumerated() where weight > 0 && !taken.contains(index) {
      last = index
      left -= weight
      if left < 0 { break }
    }
    return last
  }

  private func converge(
    _ layers: [Int],
    _ embedding: SpectralEmbedding,
    _ seeds: [[Double]]
  ) -> [[Int]] {
    var assignment = layers.map { Self.nearest(embedding, $0, seeds, current: 0) }
    for _ in 0..<Self.stepLimit {
      fillEmptyGroups(&assignment, layers, embedding)
      let centroids = members(layers, assignment).map(embedding.centroid)
      let next = zip(layers, assignment).map {
        Self.nearest(embedding, $0, centroids, current: $1)
      }
      if next == assignment { break }
      assignment = next
    }
    fillEmptyGroups(&assignment, layers, embedding)
    return members(layers, assignment)
  }

  /// Moves single layers while that lowers the cost (Hartigan), which Lloyd's steps may not see.
  ///
  /// A layer at squared distance `d²` from the centroid of its group of `n` saves `d² n / (n − 1)`
  /// by leaving and costs `d² n / (n + 1)` where it arrives.
  private func refined(_ start: [[Int]], _ embedding: SpectralEmbedding) -> [[Int]] {
    var groups = start
    var centroids = groups.map(embedding.centroid)
    for _ in 0..<Self.stepLimit {
      guard let move = bestMove(groups, centroids, embedding) else { break }
      groups[move.from].removeAll { $0 == move.layer }
      groups[move.to].append(move.layer)
      for changed in [move.from, move.to] {
        centroids[changed] = embedding.centroid(groups[changed])
      }
    }
    return groups
  }

  private func bestMove(
    _ groups: [[Int]],
    _ centroids: [[Double]],
    _ embedding: SpectralEmbedding
  ) -> (layer: Int, from: Int, to: Int)? {
    var best: (layer: Int, from: Int, to: Int)?
    var largest = 0.0
    for (from, group) in groups.enumerated() where group.count > 1 {
      for layer in group {
        let distance = embedding.squaredDistance(layer, to: centroids[from])
        let saving = distance * Double(group.count) / Double(group.count - 1)
        for to in groups.indices where to != from {
          let size = Double(groups[to].count)
          let cost = embedding.squaredDistance(layer, to: centroids[to]) * size / (size + 1)
          // Rounding alone must not move a layer, or it might go round in circles.
          guard saving - cost > max(largest, Self.relativeTolerance * saving) else { continue }
          (best, largest) = ((layer, from, to), saving - cost)
        }
      }
    }
    return best
  }

  private func members(_ layers: [Int], _ assignment: [Int]) -> [[Int]] {
    var groups: [[Int]] = Array(repeating: [], count: groupCount)
    for (layer, group) in zip(layers, assignment) { groups[group].append(layer) }
    return groups
  }

  /// Gives each empty group the layer that lies farthest from the centroid of its shared group.
  private func fillEmptyGroups(
    _ assignment: inout [Int],
    _ layers: [Int],
    _ embedding: SpectralEmbedding
  ) {
    for empty in 0..<groupCount where !assignment.contains(empty) {
      let groups = members(layers, assignment)
      var farthest: (index: Int, distance: Double) = (0, -1)
      for (index, layer) in layers.enumerated() where groups[assignment[index]].count > 1 {
        let middle = embedding.centroid(groups[assignment[index]])
        let distance = embedding.squaredDistance(layer, to: middle)
        if distance > farthest.distance { farthest = (index, distance) }
      }
      assignment[farthest.index] = empty
    }
  }

  private static func nearest(
    _ embedding: SpectralEmbedding,
    _ layer: Int,
    _ centroids: [[Double]],
    current: Int
  ) -> Int {
    var best = current
    var smallest = embedding.squaredDistance(layer, to: centroids[current])
    for (group, centroid) in centroids.enumerated() where group != current {
      let distance = embedding.squaredDistance(layer, to: centroid)
      if distance < smallest { (best, smallest) = (group, distance) }
    }
    return best
  }
}
