package import DevFTTensor

/// Groups by chance: the paper's RANDOM ablation.
package struct RandomSplit {
  /// Whether layers keep their order, so that only the cuts are drawn.
  package let isContiguous: Bool
  /// Largest number of layers in a group, or `nil` for no limit.
  package let maximumSize: Int?

  /// Chooses the order and the limit.
  package init(isContiguous: Bool, maximumSize: Int?) {
    self.isContiguous = isContiguous
    self.maximumSize = maximumSize
  }

  /// Cuts a random order of each parent's layers at random places.
  ///
  /// Every set of places is equally likely as long as there is no limit of size. With one, each
  /// parent first gets the cuts it needs, and what a group has too much goes to the smallest.
  ///
  /// - Parameters:
  ///   - parents: Layers by parent; one parent of all layers where nothing is nested.
  ///   - count: Number of groups, at least the number of parents and at most that of layers.
  ///   - stream: Draws orders and places.
  /// - Returns: The groups, none empty.
  package func groups(
    of parents: [[Int]],
    count: Int,
    using stream: inout RandomStream
  ) -> [[Int]] {
    let cuts = drawCuts(parents.map(\.count), count: count, using: &stream)
    var groups: [[Int]] = []
    for (parent, cuts) in zip(parents, cuts) {
      let order = isContiguous ? Array(parent.indices) : stream.permutation(of: parent.count)
      var begin = 0
      for size in sizes(parent.count, cuts.sorted()) {
        groups.append(order[begin..<begin + size].map { parent[$0] })
        begin += size
      }
    }
    return groups
  }

  /// Places of the cuts by parent: place `p` lies before the parent's `p`-th layer, `p` from 1.
  private func drawCuts(
    _ sizes: [Int],
    count: Int,
    using stream: inout RandomStream
  ) -> [Set<Int>] {
    var cuts = sizes.map { size in
      let needed = maximumSize.map { (size + $0 - 1) / $0 } ?? 1
      return Set(stream.permutation(of: size - 1).prefix(needed - 1).map { $0 + 1 })
    }
    let places = sizes.indices.flatMap { parent in
      (1..<max(1, sizes[parent])).map { (parent, $0) }
    }
    let free = places.filter { !cuts[$0.0].contains($0.1) }
    let missing = count - sizes.count - (places.count - free.count)
    for index in stream.permutation(of: free.count).prefix(missing) {
      cuts[free[index].0].insert(free[index].1)
    }
    return cuts
  }

  private func sizes(_ count: Int, _ cuts: [Int]) -> [Int] {
    var sizes = zip(cuts + [count], [0] + cuts).map { $0 - $1 }
    guard let maximumSize else { return sizes }
    while let large = sizes.firstIndex(where: { $0 > maximumSize }) {
      let smallest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? large
      sizes[large] -= 1
      sizes[smallest] += 1
    }
    return sizes
  }
}
