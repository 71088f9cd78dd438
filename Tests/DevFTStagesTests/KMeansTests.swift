import DevFTStages
import DevFTTensor
import Testing
import _DevFTTestSupport

/// Every way to put `0 ..< count` into exactly `groupCount` groups.
private func partitions(of count: Int, into groupCount: Int) -> [[[Int]]] {
  guard count > 0 else { return groupCount == 0 ? [[]] : [] }
  let joined = partitions(of: count - 1, into: groupCount).flatMap { groups in
    groups.indices.map { index in
      var groups = groups
      groups[index].append(count - 1)
      return groups
    }
  }
  guard groupCount > 0 else { return joined }
  return joined + partitions(of: count - 1, into: groupCount - 1).map { $0 + [[count - 1]] }
}

private func points(_ count: Int, seed: UInt64) -> SpectralEmbedding {
  var stream = RandomStream(seed: seed, purpose: "test points")
  return SpectralEmbedding(
    rows: (0..<count).map { _ in (0..<2).map { _ in stream.nextUniform() } }
  )
}

private func totalCost(_ groups: [[Int]], _ embedding: SpectralEmbedding) -> Double {
  groups.reduce(0) { $0 + embedding.cost($1) }
}

@Suite("Clustering of points")
struct KMeansTests {
  @Test("k-means finds the cheapest of all partitions", arguments: 1...12 as ClosedRange<UInt64>)
  func optimum(seed: UInt64) throws {
    let embedding = points(8, seed: seed)
    let best = try #require(partitions(of: 8, into: 3).map { totalCost($0, embedding) }.min())
    var stream = RandomStream(seed: seed, purpose: "test")
    let groups = KMeans(groupCount: 3, restarts: 60)
      .groups(of: Array(0..<8), in: embedding, using: &stream)
    #expect(abs(totalCost(groups, embedding) - best) < 1e-12)
  }

  @Test(
    "a dynamic programme finds the cheapest of all runs",
    arguments: 1...12 as ClosedRange<UInt64>
  )
  func optimalRuns(seed: UInt64) throws {
    let embedding = points(9, seed: seed)
    for limit in [nil, 4, 3] as [Int?] {
      let allowed = partitions(of: 9, into: 3).filter { groups in
        groups.allSatisfy { run in
          run.count == run[run.count - 1] - run[0] + 1 && run.count <= limit ?? 9
        }
      }
      let best = try #require(allowed.map { totalCost($0, embedding) }.min())
      let runs = ContiguousSplit(embedding: embedding, maximumSize: limit).runs(count: 3)
      let found = try #require(runs)
      #expect(try LayerGroups(found).isContiguous)
      #expect(found.count == 3 && found.allSatisfy { $0.count <= limit ?? 9 })
      #expect(abs(totalCost(found, embedding) - best) < 1e-12)
    }
  }

  @Test("points that coincide still fill every group", arguments: 1...6)
  func coincidingPoints(groupCount: Int) {
    let embedding = SpectralEmbedding(rows: Array(repeating: [0.25, 0.5], count: 6))
    var stream = RandomStream(seed: 1, purpose: "test")
    let groups = KMeans(groupCount: groupCount, restarts: 50)
      .groups(of: Array(0..<6), in: embedding, using: &stream)
    #expect(groups.count == groupCount && groups.allSatisfy { !$0.isEmpty })
    #expect(groups.flatMap(\.self).sorted() == Array(0..<6))
  }

  @Test(
    "rotating the points and turning signs changes no group",
    arguments: 1...8 as ClosedRange<UInt64>
  )
  func rotation(seed: UInt64) throws {
    let embedding = points(10, seed: seed)
    let rotated = SpectralEmbedding(
      rows: embedding.rows.map { [-0.6 * $0[0] + 0.8 * $0[1], -(0.8 * $0[0] + 0.6 * $0[1])] }
    )
    let groups = try [embedding, rotated].map { points in
      var stream = RandomStream(seed: seed, purpose: "test")
      let kMeans = KMeans(groupCount: 4, restarts: 100)
      return try LayerGroups(kMeans.groups(of: Array(0..<10), in: points, using: &stream))
    }
    #expect(groups[0] == groups[1])
  }

  @Test("single moves find what Lloyd's steps from one start do not")
  func singleMoves() {
    // Lloyd's steps from the points 2 and 3.5 stop at [[0, 2], [3.5]], which costs 2: 2 lies 1 from
    // its centroid and 1.5 from 3.5. The best groups cost 1.125.
    let embedding = SpectralEmbedding(rows: [[0], [2], [3.5]])
    for seed in 1...60 as ClosedRange<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "test")
      let groups = KMeans(groupCount: 2, restarts: 1)
        .groups(of: Array(0..<3), in: embedding, using: &stream)
      #expect(Set(groups.map { $0.sorted() }) == [[0], [1, 2]])
    }
  }

  @Test("a size limit moves the layer that loses least")
  func sizeLimit() {
    // The centroids are (1.25, 1) and (6, 0): layer 2 is nearest to the second, but layer 3 lies so
    // far from the first that moving it costs less (12.9 against 14.4).
    let embedding = SpectralEmbedding(rows: [[0, 0], [0, 0], [2, 0], [3, 4], [6, 0]])
    let limit = GroupSizeLimit(embedding: embedding, maximumSize: 3)
    #expect(limit.apply(to: [[0, 1, 2, 3], [4]]) == [[0, 1, 2], [4, 3]])
  }
}
