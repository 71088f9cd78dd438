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
  struct Module: Decodable {
    let layer: Int
    let module: String
    let values: [Double]
    let product: ServerStepGolden.Numbers
    let relative: Double
  }
  struct Merged: Decodable {
    struct Weight: Decodable {
      let layer: Int
      let module: String
      let product: ServerStepGolden.Numbers
    }
    let modules: [Weight]
    let lost: Double
  }
  struct Domains: Decodable {
    struct Round: Decodable { let domains: [Adapter] }
    let two, three: [Round]
  }
  struct Penalty: Decodable {
    let weight: Double
    let gradient: Adapter
  }

  let start: Adapter
  let rounds: [[Update]]
  let population: Int
  let optimizers, optimizersOfThePaper: [String: [Adapter]]
  let fedswa: [Adapter]
  let scaffold: [Scaffold]
  let fedsa: [FedSA]
  let fair: [Adapter]
  let ranks: [String: Int]
  let flexlora: [Module]
  let hetlora: Adapter
  let penalty: Penalty
  let flora, floraCut, fedex: [Merged]
  let dofit: Domains

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

extension MethodsGolden {
  /// The first round's updates, each cut to its client's rank.
  var unequalUpdates: WeightedUpdates { get throws { try unequalUpdates(0) } }

  /// A round's updates, each cut to its client's rank.
  func unequalUpdates(_ index: Int) throws -> WeightedUpdates {
    let updates = try updates(index).updates.map { update in
      var update = update
      update.adapter = cut(update.adapter, toRank: ranks[String(update.client)] ?? 0)
      return update
    }
    return try WeightedUpdates(updates, weighting: .examples)
  }
}

/// The first rows of A and columns of B.
func cut(_ adapter: [NamedTensors], toRank rank: Int) -> [NamedTensors] {
  adapter.map { layer in
    layer.map { name, tensor in
      if name.hasSuffix("lora_A.weight") {
        let count = rank * tensor.columnCount
        return Tensor(
          shape: [rank, tensor.columnCount],
          elements: Array(tensor.elements.prefix(count))
        )
      }
      let rows = tensor.elements.indices.filter { $0 % tensor.columnCount < rank }
      return Tensor(
        shape: [tensor.rowCount, rank],
        elements: rows.map { tensor.elements[$0] }
      )
    }
  }
}

/// `B A` of a module, row after row.
func product(_ module: String, of layer: NamedTensors) -> [Double] {
  guard let loraA = layer["\(module).lora_A.weight"], let loraB = layer["\(module).lora_B.weight"]
  else { return [] }
  var result: [Double] = []
  for row in 0..<loraB.rowCount {
    for column in 0..<loraA.columnCount {
      result.append(
        (0..<loraA.rowCount).reduce(0) { sum, index in
          sum + Double(loraB.elements[row * loraB.columnCount + index])
            * Double(loraA.elements[index * loraA.columnCount + column])
        }
      )
    }
  }
  return result
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
