import DevFTStages
import DevFTTensor
import Foundation

/// Reads the numbers that `tools/golden/stages.py` wrote.
func golden<Contents: Decodable>(_ name: String, as type: Contents.Type) throws -> Contents {
  let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
  let file = tests.appendingPathComponent("Golden/stages").appendingPathComponent(name)
  return try JSONDecoder().decode(type, from: Data(contentsOf: file))
}

/// Similarities with planted groups, and the eigenvalues of their Laplacians.
struct GroupingGolden: Decodable {
  struct Case: Decodable, CustomStringConvertible {
    var name: String
    var groups: [[Int]]
    var similarity: SimilarityMatrix
    var unnormalised: [Double]
    var symmetric: [Double]
    var description: String { name }
  }
  var cases: [Case]
}

/// Five layers of random numbers, their cosines and what a group of them fuses to.
struct FusionGolden: Decodable {
  struct Fusion: Decodable {
    var kind: LayerFusion.Kind
    var beta: Double
    var tensors: [String: [Double]]
  }
  struct Report: Decodable {
    var normRatio: Double
    var cosine: Double
  }
  var shapes: [String: [Int]]
  var layers: [[String: [Double]]]
  var cosines: [String: SimilarityMatrix]
  var group: [Int]
  var fusions: [Fusion]
  var report: Report

  /// The numbers of one layer as tensors.
  func tensors(_ layer: [String: [Double]]) -> NamedTensors {
    var named = NamedTensors()
    for (name, numbers) in layer {
      named[name] = Tensor(shape: shapes[name] ?? [], elements: numbers.map(Float.init))
    }
    return named
  }

  /// The layers as a source.
  func source() throws -> LayersInMemory { try LayersInMemory(layers.map(tensors)) }
}
