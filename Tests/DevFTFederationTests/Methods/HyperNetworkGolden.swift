import DevFTFederation
import DevFTTensor
import Foundation

/// What `tools/golden/hypernetwork.py` wrote: a client's steps in PyTorch, the server's in NumPy.
struct HyperNetworkGolden: Decodable {
  typealias Sets = [[String: ServerStepGolden.Numbers]]

  struct Step: Decodable {
    let shares: [Float]
    /// `G` of the loss `Σ G a + Σ a² / 2` of the adapter `a`.
    let slope: Sets
    let adapter, gradient, after: Sets
  }
  struct Training: Decodable {
    let start: Sets
    let learningRate, weightDecay: Double
    let steps: [Step]
  }
  struct Server: Decodable {
    let updates: [MethodsGolden.Update]
    let mean, evaluated: Sets
  }

  let training: Training
  let server: Server

  /// Reads the committed file.
  static func load() throws -> HyperNetworkGolden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/federation/hypernetwork.json")
    return try JSONDecoder().decode(HyperNetworkGolden.self, from: Data(contentsOf: file))
  }
}
