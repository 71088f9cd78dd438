import DevFTFederation
import DevFTTensor
import Foundation

/// What `tools/golden/federation.py` wrote.
struct ServerStepGolden: Decodable {
  struct Numbers: Decodable {
    let shape: [Int]
    let elements: [Float]
  }
  struct Update: Decodable {
    let client, exampleCount, tokenCount: Int
    let adapter: [[String: Numbers]]
  }
  struct ModuleError: Decodable {
    let layer: Int
    let module: String
    let relative: Double
  }
  struct Step: Decodable {
    let mean: [[String: Numbers]]
    let errors: [ModuleError]
  }
  struct Rounding: Decodable { let sent, received: Float }
  struct RoundCosine: Decodable {
    let initial, final: Double
    let rates: [Double]
  }

  let updates: [Update]
  let expected: [String: Step]
  let bf16: [Rounding]
  let roundCosine: RoundCosine

  /// Reads the committed file.
  static func load() throws -> ServerStepGolden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/federation/server-step.json")
    return try JSONDecoder().decode(ServerStepGolden.self, from: Data(contentsOf: file))
  }

  /// The clients' updates as the server sees them.
  var clientUpdates: [ClientUpdate] {
    updates.map { update in
      ClientUpdate(
        client: update.client,
        round: 1,
        adapter: adapter(update.adapter),
        report: TrainingReport(
          exampleCount: update.exampleCount,
          tokenCount: update.tokenCount,
          stepCount: 1,
          loss: 1
        )
      )
    }
  }
}

/// The tensors of a golden adapter.
func adapter(_ layers: [[String: ServerStepGolden.Numbers]]) -> [NamedTensors] {
  layers.map { layer in
    NamedTensors(layer.mapValues { Tensor(shape: $0.shape, elements: $0.elements) })
  }
}
