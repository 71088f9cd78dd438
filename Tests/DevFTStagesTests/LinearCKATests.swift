import DevFTStages
import DevFTTensor
import Foundation
import Testing

@Suite("Linear CKA of activations")
struct LinearCKATests {
  /// What `tools/golden/federation_layers.py` computed with the centring matrix written out.
  private struct Golden: Decodable {
    struct Numbers: Decodable {
      let shape: [Int]
      let elements: [Float]
    }
    let activations: [Numbers]
    let cka: [[Double]]
  }

  private let activations: [Tensor]
  private let expected: [[Double]]

  init() throws {
    let golden = try golden("../federation/layers.json", as: Golden.self)
    activations = golden.activations.map { Tensor(shape: $0.shape, elements: $0.elements) }
    expected = golden.cka
  }

  @Test("agrees with NumPy, whatever the layers' widths")
  func witness() throws {
    let matrix = try SimilarityMatrix(ofActivations: activations)
    for (row, numbers) in expected.enumerated() {
      for (column, number) in numbers.enumerated() {
        #expect(abs(matrix[row, column] - number) < 1e-6, "\(row), \(column)")
      }
    }
  }

  @Test("is 1 for a rotated, scaled and shifted copy, and the same with one thread and with four")
  func laws() throws {
    let matrix = try SimilarityMatrix(ofActivations: activations)
    #expect(abs(matrix[0, 2] - 1) < 1e-6 && matrix[0, 1] < 0.9)
    let threads = Threads.count
    defer { Threads.count = threads }
    for count in [1, 4] {
      Threads.count = count
      #expect(try SimilarityMatrix(ofActivations: activations) == matrix)
    }
  }

  @Test("of activations that do not vary is 0; of other numbers of tokens there is none")
  func degenerate() throws {
    let still = Tensor(repeating: 3, shape: [9, 2])
    let matrix = try SimilarityMatrix(ofActivations: [activations[0], still])
    #expect(matrix[0, 1] == 0 && matrix[1, 1] == 1)
    #expect(throws: StagesError.self) {
      try SimilarityMatrix(ofActivations: [activations[0], Tensor(shape: [8, 4])])
    }
    var broken = activations[0]
    broken.elements[3] = .nan
    #expect(throws: StagesError.self) {
      try SimilarityMatrix(ofActivations: [activations[1], broken])
    }
  }
}
