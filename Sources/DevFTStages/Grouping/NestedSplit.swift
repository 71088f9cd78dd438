package import DevFTTensor

/// Splits the groups of the stage before, so that no new group leaves its parent.
package struct NestedSplit {
  /// The points of the layers.
  package let embedding: SpectralEmbedding
  /// Starts of each 2-means.
  package let restarts: Int
  /// Largest number of layers in a group, or `nil` for no limit.
  package let maximumSize: Int?

  /// Chooses the points, the number of starts and the limit.
  package init(embedding: SpectralEmbedding, restarts: Int, maximumSize: Int?) {
    self.embedding = embedding
    self.restarts = restarts
    self.maximumSize = maximumSize
  }

  /// Splits the costliest group in two by 2-means until there are enough groups.
  ///
  /// Groups of a parent that cannot meet the size limit yet are split first. On equal costs the
  /// larger group is split, then the one with the lower anchor.
  ///
  /// - Parameters:
  ///   - parents: The groups before.
  ///   - count: Number of groups wanted; the limit must leave it possible.
  ///   - stream: Draws the starts.
  /// - Returns: The groups.
  package func groups(
    splitting parents: LayerGroups,
    count: Int,
    using stream: inout RandomStream
  ) -> [[Int]] {
    var families = parents.members.map { [$0] }
    let twoMeans = KMeans(groupCount: 2, restarts: restarts)
    for _ in parents.count..<count {
      let (family, index) = costliest(families)
      let halves = twoMeans.groups(of: families[family][index], in: embedding, using: &stream)
      families[family].replaceSubrange(index...index, with: halves.map { $0.sorted() })
    }
    guard let maximumSize else { return families.flatMap(\.self) }
    let limit = GroupSizeLimit(embedding: embedding, maximumSize: maximumSize)
    return families.flatMap(limit.apply)
  }

  private func costliest(_ families: [[[Int]]]) -> (family: Int, index: Int) {
    let needy = families.indices.filter { family in
      guard let maximumSize else { return false }
      return families[family].count * maximumSize < families[family].reduce(0) { $0 + $1.count }
    }
    var best: (family: Int, index: Int, rank: (cost: Double, size: Int, anchor: Int))?
    for family in needy.isEmpty ? Array(families.indices) : needy {
      for (index, group) in families[family].enumerated() where group.count > 1 {
        let rank = (cost: embedding.cost(group), size: group.count, anchor: -group[0])
        if let known = best, !Self.isAbove(rank, known.rank) { continue }
        best = (family, index, rank)
      }
    }
    guard let best else { preconditionFailure("no group can be split: \(families)") }
    return (best.family, best.index)
  }

  private static func isAbove(
    _ first: (cost: Double, size: Int, anchor: Int),
    _ second: (cost: Double, size: Int, anchor: Int)
  ) -> Bool {
    let tolerance = KMeans.relativeTolerance * max(first.cost, second.cost)
    if abs(first.cost - second.cost) > tolerance { return first.cost > second.cost }
    return (first.size, first.anchor) > (second.size, second.anchor)
  }
}
