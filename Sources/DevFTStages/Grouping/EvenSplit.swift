/// Runs of nearly equal length: the paper's EVEN ablation.
package enum EvenSplit {
  /// Cuts each parent's layers, in order, into runs whose lengths differ by at most one.
  ///
  /// A parent gets its next run while it has the most layers a run, the lower parent on a tie; a
  /// parent's longer runs come first: 30 layers in 4 runs are 8, 8, 7, 7.
  ///
  /// - Parameters:
  ///   - parents: Layers by parent, ascending; one parent of all layers where nothing is nested.
  ///   - count: Number of runs, at least the number of parents and at most that of layers.
  /// - Returns: The runs.
  package static func groups(of parents: [[Int]], count: Int) -> [[Int]] {
    var runCounts = Array(repeating: 1, count: parents.count)
    for _ in parents.count..<count {
      var fullest = 0
      for parent in parents.indices.dropFirst() {
        // size / runs compared without division
        let here = parents[parent].count * runCounts[fullest]
        if here > parents[fullest].count * runCounts[parent] { fullest = parent }
      }
      runCounts[fullest] += 1
    }
    return zip(parents, runCounts).flatMap(cut)
  }

  private static func cut(_ layers: [Int], into count: Int) -> [[Int]] {
    let (length, longer) = layers.count.quotientAndRemainder(dividingBy: count)
    var begin = 0
    return (0..<count).map { run in
      let end = begin + length + (run < longer ? 1 : 0)
      defer { begin = end }
      return Array(layers[begin..<end])
    }
  }
}
