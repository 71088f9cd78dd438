import DevFTFederation
import DevFTTensor
import Testing

@Suite("Aggregation error")
struct AggregationErrorTests {
  @Test("agrees with the independent witness", arguments: AggregationWeighting.allCases)
  func golden(_ weighting: AggregationWeighting) throws {
    let golden = try ServerStepGolden.load()
    let updates = try WeightedUpdates(golden.clientUpdates, weighting: weighting)
    let errors = aggregationErrors(of: updates)
    let expected = try #require(golden.expected[weighting.rawValue]).errors
    #expect(errors.map(\.layer) == expected.map(\.layer))
    #expect(errors.map(\.module) == expected.map(\.module))
    for (error, expected) in zip(errors, expected) {
      #expect(isClose(error.relative, expected.relative, within: Tolerance.floatProducts))
      #expect(error.relative > 0.1)
    }
  }

  @Test(
    "agrees with dense products at ranks and client counts of all sizes",
    arguments: [
      (1, 2), (2, 3), (4, 1), (5, 5),
    ]
  )
  func dense(rank: Int, clientCount: Int) throws {
    let updates = try WeightedUpdates(
      (0..<clientCount).map { client in
        fixedUpdate(client: client, adapter: fixedAdapter(rank: rank, phase: Double(client) * 1.3))
      },
      weighting: .examples
    )
    let mean = updates.mean()
    for error in aggregationErrors(of: updates) {
      let products = zip(updates.updates, updates.shares).map { update, share in
        product(update.adapter[error.layer], error.module).map { $0 * share }
      }
      let sum = products.dropFirst().reduce(products[0]) { zip($0, $1).map(+) }
      let ofMeans = product(mean[error.layer], error.module)
      let difference = zip(sum, ofMeans).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let norm = sum.reduce(0) { $0 + $1 * $1 }
      // The reference takes the mean rounded to Float.
      #expect(abs(error.difference - difference.squareRoot()) < 1e-6)
      #expect(isClose(error.norm, norm.squareRoot(), within: Tolerance.floatProducts))
    }
  }

  @Test("is exactly 0 for one client, for equal ones, and when one factor is equal")
  func exactCases() throws {
    func errors(_ updates: [ClientUpdate]) throws -> [Double] {
      aggregationErrors(of: try WeightedUpdates(updates, weighting: .examples)).map(\.relative)
    }
    let shared = fixedAdapter()
    let equal = (0..<3).map { fixedUpdate(client: $0, adapter: shared) }
    let sameA = threeUpdates.map { update in
      var update = update
      for layer in shared.indices {
        for name in shared[layer].names where name.hasSuffix("lora_A.weight") {
          update.adapter[layer][name] = shared[layer][name]
        }
      }
      return update
    }
    #expect(try errors([threeUpdates[0]]) == [0, 0, 0, 0])
    #expect(try errors(equal) == [0, 0, 0, 0])
    #expect(try errors(sameA) == [0, 0, 0, 0])
    #expect(try errors(threeUpdates).allSatisfy { $0 > 0.1 })
  }

  @Test("is 0, not NaN, while every up projection is still zero")
  func zeroUpProjections() throws {
    let updates = threeUpdates.map { update in
      var update = update
      update.adapter = update.adapter.map { layer in
        layer.map { name, tensor in
          name.hasSuffix("lora_B.weight") ? Tensor(shape: tensor.shape) : tensor
        }
      }
      return update
    }
    let errors = aggregationErrors(of: try WeightedUpdates(updates, weighting: .examples))
    #expect(errors.map(\.relative) == [0, 0, 0, 0])
  }
}

/// `B A` of a module, `[out, in]`, by the definition.
private func product(_ layer: NamedTensors, _ module: String) -> [Double] {
  let loraA = layer["\(module).lora_A.weight"] ?? Tensor(shape: [0])
  let loraB = layer["\(module).lora_B.weight"] ?? Tensor(shape: [0])
  let (rank, width) = (loraA.rowCount, loraA.columnCount)
  return (0..<loraB.rowCount * width).map { place in
    let (row, column) = place.quotientAndRemainder(dividingBy: width)
    return (0..<rank).reduce(0) { sum, inner in
      let left = Double(loraB.elements[row * rank + inner])
      return sum + left * Double(loraA.elements[inner * width + column])
    }
  }
}
