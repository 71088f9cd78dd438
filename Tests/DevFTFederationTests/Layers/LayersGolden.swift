import DevFTFederation
import DevFTTensor
import Foundation

/// What `tools/golden/federation_layers.py` wrote: three clients with layers of their own.
struct LayersGolden: Decodable {
  typealias Adapter = [[String: ServerStepGolden.Numbers]]

  struct Update: Decodable {
    let client, exampleCount: Int
    let present, trained: [Int]
    let sent: Adapter
  }

  let start, combined: Adapter
  let updates: [Update]
  let errors: [ServerStepGolden.ModuleError]

  /// Reads the committed file.
  static func load() throws -> LayersGolden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/federation/layers.json")
    return try JSONDecoder().decode(LayersGolden.self, from: Data(contentsOf: file))
  }

  /// A server whose clients have these selections, from the start that the file has.
  var method: SelectingMethod {
    SelectingMethod(
      layers: Dictionary(
        uniqueKeysWithValues: updates.map { update in
          let layers = LayerSelection(
            layerCount: start.count,
            present: update.present,
            trained: update.trained
          )
          return (update.client, layers)
        }
      )
    )
  }
}

/// Plain averaging whose clients each have layers of their own.
struct SelectingMethod: FederatedMethod {
  static let name = "selecting"
  static let meaning = "for tests"

  private let layers: [Int: LayerSelection]

  init(_ settings: MethodSettings) { layers = [:] }

  init(layers: [Int: LayerSelection]) { self.layers = layers }

  func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection? { layers[client] }
}

/// A link whose clients send what the file has.
struct LayersGoldenLink: ServerLink {
  let golden: LayersGolden
  var reversed = false

  func perform(_ tasks: [ClientTask]) -> [ClientOutcome] {
    let outcomes = golden.updates.filter { update in tasks.contains { $0.client == update.client } }
      .map { update in
        let report = TrainingReport(
          exampleCount: update.exampleCount,
          tokenCount: 1,
          stepCount: 1,
          loss: 1
        )
        return ClientOutcome.update(
          ClientUpdate(
            client: update.client,
            round: tasks[0].round,
            adapter: adapter(update.sent),
            report: report
          )
        )
      }
    return reversed ? outcomes.reversed() : outcomes
  }
}
