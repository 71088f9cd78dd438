import DevFTFederation
import DevFTTensor
import Foundation

/// What `tools/golden/federation_methods.py` wrote: two rounds of every method.
struct MethodsGolden: Decodable {
  typealias Adapter = [[String: ServerStepGolden.Numbers]]

  struct Update: Decodable {
    let client, exampleCount: Int
    let adapter: Adapter
  }
  struct Scaffold: Decodable {
    let global, control: Adapter
    let own, changes: [String: Adapter]
  }

  struct FedSA: Decodable { let global, meanB: Adapter }

  let start: Adapter
  let rounds: [[Update]]
  let population: Int
  let optimizers, optimizersOfThePaper: [String: [Adapter]]
  let scaffold: [Scaffold]
  let fedsa: [FedSA]

  /// Reads the committed file.
  static func load() throws -> MethodsGolden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Golden/federation/methods.json")
    return try JSONDecoder().decode(MethodsGolden.self, from: Data(contentsOf: file))
  }

  /// The updates of a round, as the server sees them.
  ///
  /// - Parameters:
  ///   - index: The round, from 0.
  ///   - auxiliary: What each client sends beside its adapter.
  /// - Returns: The weighed updates.
  /// - Throws: When none weighs anything.
  func updates(
    _ index: Int,
    auxiliary: (_ client: Int) -> [NamedTensors] = { _ in [] }
  ) throws -> WeightedUpdates {
    let updates = rounds[index].map { update in
      ClientUpdate(
        client: update.client,
        round: index + 1,
        adapter: DevFTFederationTests.adapter(update.adapter),
        auxiliary: auxiliary(update.client),
        report: TrainingReport(
          exampleCount: update.exampleCount,
          tokenCount: 1,
          stepCount: 4,
          loss: 1
        )
      )
    }
    return try WeightedUpdates(updates, weighting: .examples)
  }

  /// The global adapter after each round of a method's server steps.
  func globals(of method: any FederatedMethod) throws -> [[NamedTensors]] {
    var state = method.initialState(adapter(start))
    return try rounds.indices.map { index in
      state = try method.combine(try updates(index), into: state)
      return state.global
    }
  }
}

/// The largest difference of two adapters, over the largest number of the second.
func relativeDifference(_ first: [NamedTensors], _ second: [NamedTensors]) -> Double {
  var (difference, size) = (0.0, 0.0)
  guard first.count == second.count else { return .infinity }
  for (layer, expected) in zip(first, second) {
    guard layer.names == expected.names else { return .infinity }
    for name in expected.names {
      guard let own = layer[name], let other = expected[name], own.shape == other.shape else {
        return .infinity
      }
      for (a, b) in zip(own.elements, other.elements) {
        difference = max(difference, Double(abs(a - b)))
        size = max(size, Double(abs(b)))
      }
    }
  }
  return difference / size
}
