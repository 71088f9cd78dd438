import DevFTStages
import DevFTTensor
import Testing

@Suite("Spectral grouping against NumPy")
struct SpectralTests {
  @Test("planted groups are found and eigenvalues agree with NumPy", arguments: [true, false])
  func golden(isPaper: Bool) throws {
    let grouping = isPaper ? LayerGrouping() : Self.symmetric()
    for fixture in try DevFTStagesTests.golden("grouping.json", as: GroupingGolden.self).cases {
      let reference = isPaper ? fixture.unnormalised : fixture.symmetric
      let embedding = try grouping.embedding(
        fixture.similarity,
        capacity: fixture.similarity.layerCount
      )
      for (value, expected) in zip(embedding.eigenvalues, reference) {
        #expect(abs(value - expected) < Tolerance.eigenvalue, "\(fixture)")
      }
      // A layer without neighbours falls apart from the others by itself in D − W only.
      guard isPaper || fixture.groups.allSatisfy({ $0.count > 1 }) else { continue }
      let groups = try grouping.groups(
        similarity: fixture.similarity,
        capacity: fixture.groups.count,
        seed: 3,
        stage: 1
      )
      #expect(groups == (try LayerGroups(fixture.groups)), "\(fixture)")
    }
  }

  @Test("eigenvectors satisfy their equation, have length 1 and a positive largest component")
  func eigenvectors() throws {
    let laplacian = try Laplacian(
      of: wavySimilarity(layerCount: 9),
      kind: .unnormalised,
      negative: .keep,
      diagonal: .keep
    )
    let embedding = try SpectralEmbedding(laplacian, dimension: 9, rowNormalised: false)
    for (column, eigenvalue) in embedding.eigenvalues.enumerated() {
      let vector = embedding.rows.map { $0[column] }
      for row in 0..<9 {
        let product = (0..<9).reduce(0.0) { $0 + laplacian.values[row * 9 + $1] * vector[$1] }
        #expect(abs(product - eigenvalue * vector[row]) < Tolerance.eigenvalue)
      }
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < Tolerance.eigenvalue)
      let largest = vector.max { abs($0) < abs($1) } ?? 0
      #expect(largest > 0)
    }
    #expect(embedding.eigenvalues == embedding.eigenvalues.sorted())
  }

  @Test("row normalisation gives points of length 1")
  func rowNormalised() throws {
    var grouping = LayerGrouping()
    grouping.isRowNormalised = true
    let rows = try grouping.embedding(wavySimilarity(layerCount: 8), capacity: 3).rows
    #expect(rows.allSatisfy { abs($0.reduce(0) { $0 + $1 * $1 } - 1) < Tolerance.eigenvalue })
  }

  @Test("Laplacians of a graph with a negative weight are those worked out by hand")
  func laplacians() throws {
    let rows = [[1, 0.5, -0.25], [0.5, 1, 0], [-0.25, 0, 1]]
    let similarity = try SimilarityMatrix(rows: rows)
    let kept = try Laplacian(
      of: similarity,
      kind: .unnormalised,
      negative: .keep,
      diagonal: .keep
    )
    #expect(kept.values == [0.25, -0.5, 0.25, -0.5, 0.5, 0, 0.25, 0, -0.25])
    let clipped = try Laplacian(of: similarity, kind: .symmetric, negative: .clip, diagonal: .zero)
    // Layer 2 has no neighbour left: its row is 0.
    #expect(clipped.values.map { ($0 * 1e12).rounded() / 1e12 } == [1, -1, 0, -1, 1, 0, 0, 0, 0])
    let error = #expect(throws: StagesError.self) {
      try Laplacian(of: similarity, kind: .symmetric, negative: .keep, diagonal: .zero)
    }
    #expect(error?.code == .noPositiveDegree)
  }

  private static func symmetric() -> LayerGrouping {
    var grouping = StageConstruction(.robust).grouping
    grouping.contiguity = .none
    return grouping
  }
}
