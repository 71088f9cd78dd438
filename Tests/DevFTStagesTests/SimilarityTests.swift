import DevFTStages
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Layer similarity")
struct SimilarityTests {
  @Test("cosines of three-element layers are those worked out by hand")
  func byHand() throws {
    let source = try vectorLayers([[1, 0, 0], [3, 4, 0], [-2, 0, 0], [0, 0, 0]])
    let similarity = try SimilarityMatrix(of: source)
    let expected = [[1, 0.6, -1, 0], [0.6, 1, -0.6, 0], [-1, -0.6, 1, 0], [0, 0, 0, 1]]
    for (row, numbers) in expected.enumerated() {
      for (column, number) in numbers.enumerated() {
        #expect(abs(similarity[row, column] - number) < Tolerance.cosine)
      }
    }
  }

  @Test(
    "cosines agree with NumPy for every choice of parameters",
    arguments: SimilarityInput.allCases
  )
  func golden(input: SimilarityInput) throws {
    let fixture = try DevFTStagesTests.golden("fusion.json", as: FusionGolden.self)
    let similarity = try SimilarityMatrix(of: fixture.source(), input: input)
    let expected = try #require(fixture.cosines[input.rawValue])
    for (number, reference) in zip(similarity.values, expected.values) {
      #expect(abs(number - reference) < Tolerance.cosine)
    }
  }

  @Test(
    "blocked inner products equal the plain sum for odd sizes",
    arguments: [1, 2, 3, 4, 5],
    [1, 3, 4, 511, 512, 513, 1030, 16385]
  )
  func gramAgainstReference(layerCount: Int, count: Int) {
    let tensors = (0..<layerCount).map { fixedTensor(shape: [count], phase: 0.9 * Double($0)) }
    var gram = GramMatrix(layerCount: layerCount)
    gram.add(tensors)
    gram.add(tensors.reversed())
    for row in 0..<layerCount {
      for column in 0..<layerCount {
        let mirror = (layerCount - 1 - row, layerCount - 1 - column)
        let pairs = [(tensors[row], tensors[column]), (tensors[mirror.0], tensors[mirror.1])]
        let plain = pairs.reduce(0.0) { sum, pair in
          zip(pair.0.elements, pair.1.elements).reduce(sum) { $0 + Double($1.0) * Double($1.1) }
        }
        let scale = max(1, Double(count))
        #expect(abs(gram.values[row * layerCount + column] - plain) < Tolerance.cosine * scale)
      }
    }
  }

  @Test("matrices read in ranges of rows give the cosines of whole layers")
  func ranges() throws {
    let layers = (0..<5).map(tallLayer)
    let similarity = try SimilarityMatrix(of: LayersInMemory(layers))
    let flat = layers.map { layer in
      layer.names.flatMap { layer[$0]?.elements.map(Double.init) ?? [] }
    }
    func product(_ row: Int, _ column: Int) -> Double {
      zip(flat[row], flat[column]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for row in 0..<5 {
      for column in 0..<5 {
        let cosine =
          product(row, column) / (product(row, row) * product(column, column)).squareRoot()
        #expect(abs(similarity[row, column] - cosine) < Tolerance.cosine)
      }
    }
  }

  @Test("cosines do not depend on the number of threads", arguments: [2, 3])
  func threads(count: Int) throws {
    let source = try LayersInMemory((0..<5).map(tallLayer))
    let alone = try withThreads(1) { try SimilarityMatrix(of: source) }
    #expect(try withThreads(count) { try SimilarityMatrix(of: source) } == alone)
  }

  @Test("a factor common to a whole layer changes nothing but the sign")
  func scaleInvariance() throws {
    let plain = try SimilarityMatrix(of: vectorLayers([[1, 2, 3], [2, -1, 4], [0.5, 1, 1]]))
    let scaled = try SimilarityMatrix(of: vectorLayers([[4, 8, 12], [2, -1, 4], [-1, -2, -2]]))
    #expect(abs(plain[0, 1] - scaled[0, 1]) < Tolerance.cosine)
    #expect(abs(plain[0, 2] + scaled[0, 2]) < Tolerance.cosine)
  }

  @Test("NaN, infinity and unlike shapes are refused with the place named")
  func refusals() throws {
    let error = #expect(throws: StagesError.self) {
      try SimilarityMatrix(of: vectorLayers([[1, 2, 3], [1, .nan, 2]], name: "q_proj.weight"))
    }
    #expect(error?.code == .nonFinite)
    #expect(error?.message.contains("q_proj.weight of layer 1") == true)
    let shapes = #expect(throws: StagesError.self) {
      try LayersInMemory([
        NamedTensors(["a": fixedTensor(shape: [2])]), NamedTensors(["a": fixedTensor(shape: [3])]),
      ])
    }
    #expect(shapes?.code == .layersDiffer)
    #expect(throws: StagesError.self) { try LayersInMemory([]) }
    #expect(throws: StagesError.self) {
      try LayersInMemory([smallLayer(0), NamedTensors(["norm.weight": fixedTensor(shape: [3])])])
    }
  }

  @Test("a matrix comes back from JSON as it was; one that is no symmetric square is refused")
  func codable() throws {
    let similarity = try wavySimilarity(layerCount: 5)
    let data = try JSONEncoder().encode(similarity)
    #expect(try JSONDecoder().decode(SimilarityMatrix.self, from: data) == similarity)
    #expect(throws: StagesError.self) { try SimilarityMatrix(rows: [[1, 0], [0]]) }
    #expect(throws: StagesError.self) { try SimilarityMatrix(rows: [[1, 0.5], [0.4, 1]]) }
    #expect(throws: StagesError.self) { try SimilarityMatrix(rows: [[1, .nan], [.nan, 1]]) }
  }
}
