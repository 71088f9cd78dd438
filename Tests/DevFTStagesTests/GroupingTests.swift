import DevFTStages
import DevFTTensor
import Foundation
import Testing

/// Every combination of options that decides differently.
private let groupings: [LayerGrouping] = LayerGrouping.Kind.allCases.flatMap { kind in
  LayerGrouping.Contiguity.allCases.flatMap { contiguity in
    LayerGrouping.Nesting.allCases.flatMap { nesting in
      ([nil, 6] as [Int?]).map { limit in
        var grouping = LayerGrouping()
        grouping.kind = kind
        grouping.contiguity = contiguity
        grouping.nesting = nesting
        grouping.maximumGroupSize = limit
        grouping.restarts = 50
        return grouping
      }
    }
  }
}

@Suite("Layer grouping")
struct GroupingTests {
  private let similarity: SimilarityMatrix

  init() throws { similarity = try wavySimilarity(layerCount: 20) }

  @Test("groups are a partition, none empty, by anchor, as many as asked", arguments: groupings)
  func partition(grouping: LayerGrouping) throws {
    var previous: LayerGroups?
    for (stage, capacity) in [4, 7, 11, 20].enumerated() {
      let groups = try grouping.groups(
        similarity: similarity,
        capacity: capacity,
        previous: previous,
        seed: 5,
        stage: stage + 1
      )
      #expect(groups.count == capacity)
      #expect(groups.members.flatMap(\.self).sorted() == Array(0..<20))
      #expect(groups.members.allSatisfy { $0 == $0.sorted() && !$0.isEmpty })
      let anchors = (0..<capacity).map(groups.anchor)
      #expect(anchors == anchors.sorted() && anchors[0] == 0)
      #expect(groups.sizes.allSatisfy { $0 <= grouping.maximumGroupSize ?? 20 })
      if grouping.contiguity == .dp || grouping.kind == .even { #expect(groups.isContiguous) }
      if grouping.nesting == .nested, let previous { #expect(groups.refines(previous)) }
      previous = groups
    }
    #expect(previous == .singletons(layerCount: 20))
  }

  @Test("the same seed gives the same groups, another one or stage others", arguments: groupings)
  func seeds(grouping: LayerGrouping) throws {
    func groups(_ seed: UInt64, _ stage: Int) throws -> LayerGroups {
      try grouping.groups(similarity: similarity, capacity: 8, seed: seed, stage: stage)
    }
    #expect(try groups(5, 1) == groups(5, 1))
    guard grouping.kind == .random else { return }
    #expect(try groups(5, 1) != groups(6, 1))
    #expect(try groups(5, 1) != groups(5, 2))
  }

  @Test("even groups differ by one layer at most, the longer ones first")
  func even() throws {
    var grouping = LayerGrouping()
    grouping.kind = .even
    let groups = try grouping.groups(
      similarity: wavySimilarity(layerCount: 30),
      capacity: 4,
      seed: 1,
      stage: 1
    )
    #expect(groups.sizes == [8, 8, 7, 7])
    grouping.nesting = .nested
    let parents = try LayerGroups([Array(0..<12), Array(12..<16), Array(16..<20)])
    let nested = try grouping.groups(
      similarity: similarity,
      capacity: 6,
      previous: parents,
      seed: 1,
      stage: 2
    )
    #expect(nested.members.map(\.count) == [3, 3, 3, 3, 4, 4])
  }

  @Test("every layer meets every group size by chance")
  func randomSpread() throws {
    var grouping = LayerGrouping()
    grouping.kind = .random
    let small = try wavySimilarity(layerCount: 4)
    let drawn = try (1...400).map {
      try grouping.groups(similarity: small, capacity: 2, seed: UInt64($0), stage: 1).members
    }
    // 3 cuts times the ways to choose who stands before them: 4 + 3 splits in all.
    #expect(Set(drawn).count == 7)
  }

  @Test("nested groups split the costliest group first")
  func nestedSplit() throws {
    let embedding = SpectralEmbedding(rows: [[0], [0.1], [5], [5.1], [9], [9.2]])
    let split = NestedSplit(embedding: embedding, restarts: 50, maximumSize: nil)
    let parents = try LayerGroups([[0, 1], [2, 3, 4, 5]])
    var stream = RandomStream(seed: 1, purpose: "test")
    let three = split.groups(splitting: parents, count: 3, using: &stream)
    #expect(try LayerGroups(three) == LayerGroups([[0, 1], [2, 3], [4, 5]]))
    let four = split.groups(splitting: parents, count: 4, using: &stream)
    #expect(try LayerGroups(four) == LayerGroups([[0, 1], [2, 3], [4], [5]]))
  }

  @Test("demands that no groups meet are refused")
  func refusals() throws {
    var grouping = LayerGrouping()
    func code(_ capacity: Int, _ previous: LayerGroups? = nil) -> StagesError.Code? {
      let error = #expect(throws: StagesError.self) {
        try grouping.groups(
          similarity: similarity,
          capacity: capacity,
          previous: previous,
          seed: 1,
          stage: 1
        )
      }
      return error?.code
    }
    #expect(code(0) == .invalidGroups)
    #expect(code(21) == .invalidGroups)
    grouping.maximumGroupSize = 4
    #expect(code(4) == .invalidGroups)
    grouping.nesting = .nested
    // 17 layers need five groups of four, and three are left over.
    #expect(code(5, try LayerGroups([Array(0..<17), Array(17..<20)])) == .invalidGroups)
    grouping.maximumGroupSize = nil
    #expect(code(5, .singletons(layerCount: 20)) == .invalidGroups)
    #expect(code(5, .singletons(layerCount: 3)) == .invalidGroups)
    grouping.contiguity = .dp
    let scattered = [0, 1].map { Array(stride(from: $0, to: 20, by: 2)) }
    #expect(code(3, try LayerGroups(scattered)) == .invalidGroups)
    grouping.restarts = 0
    #expect(code(3) == .invalidOption)
  }
}
