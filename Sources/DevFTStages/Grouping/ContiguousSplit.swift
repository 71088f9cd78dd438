/// The best cut of an ordered row of layers into runs.
package struct ContiguousSplit {
  /// The points of the layers.
  package let embedding: SpectralEmbedding
  /// Largest number of layers in a run, or `nil` for no limit.
  package let maximumSize: Int?

  /// Chooses the points and the limit.
  package init(embedding: SpectralEmbedding, maximumSize: Int?) {
    self.embedding = embedding
    self.maximumSize = maximumSize
  }

  /// Cuts `0 ..< L` into runs with the smallest sum of squared distances from their centroids.
  ///
  /// Dynamic programme over ends: `best(k, j) = min_i best(k − 1, i) + cost(i ..< j)`, the longest
  /// last run on a tie.
  ///
  /// - Parameters:
  ///   - count: Number of runs, in `1 ... L`.
  ///   - parents: Groups that no run may leave, or `nil`.
  /// - Returns: The runs in order, or `nil` when no cut meets limit and parents.
  /// - Complexity: `L³` for the costs and `count · L²` for the programme.
  package func runs(count: Int, inside parents: LayerGroups? = nil) -> [[Int]]? {
    let layerCount = embedding.rows.count
    let costs = runCosts(inside: parents)
    // best[j]: cost of the first j layers in as many runs as `starts` has rows.
    var best = [0.0] + Array(repeating: Double.infinity, count: layerCount)
    var starts: [[Int]] = []
    for _ in 0..<count {
      let previous = best
      var start = Array(repeating: 0, count: layerCount + 1)
      best = Array(repeating: .infinity, count: layerCount + 1)
      for end in 1...layerCount {
        for begin in 0..<end {
          let cost = previous[begin] + costs[begin][end - begin - 1]
          if Self.isLess(cost, best[end]) { (best[end], start[end]) = (cost, begin) }
        }
      }
      starts.append(start)
    }
    guard best[layerCount].isFinite else { return nil }
    var runs: [[Int]] = []
    var end = layerCount
    for start in starts.reversed() {
      runs.append(Array(start[end]..<end))
      end = start[end]
    }
    return runs.reversed()
  }

  /// `costs[i][n − 1]`: cost of the run of `n` layers from `i`; infinite where it may not be.
  private func runCosts(inside parents: LayerGroups?) -> [[Double]] {
    let layerCount = embedding.rows.count
    return (0..<layerCount).map { begin in
      (begin..<layerCount).map { last in
        let isTooLong = maximumSize.map { last - begin + 1 > $0 } ?? false
        let leavesParent = parents.map { $0.group(of: begin) != $0.group(of: last) } ?? false
        return isTooLong || leavesParent ? .infinity : embedding.cost(Array(begin...last))
      }
    }
  }

  /// Costs that differ by rounding alone count as equal.
  private static func isLess(_ first: Double, _ second: Double) -> Bool {
    second.isInfinite ? first.isFinite : first < second - KMeans.relativeTolerance * abs(second)
  }
}
