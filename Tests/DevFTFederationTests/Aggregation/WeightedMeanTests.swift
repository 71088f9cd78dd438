import DevFTFederation
import DevFTTensor
import Testing

@Suite("Weighted mean of updates")
struct WeightedMeanTests {
  private func mean(_ updates: [ClientUpdate]) throws -> [NamedTensors] {
    try WeightedUpdates(updates, weighting: .examples).mean()
  }

  @Test("agrees with the independent witness to the bit", arguments: AggregationWeighting.allCases)
  func golden(_ weighting: AggregationWeighting) throws {
    let golden = try ServerStepGolden.load()
    let mean = try WeightedUpdates(golden.clientUpdates, weighting: weighting).mean()
    let expected = try #require(golden.expected[weighting.rawValue]).mean
    #expect(bits(mean) == bits(adapter(expected)))
  }

  @Test("gives the same bytes in any order of arrival")
  func anyOrder() throws {
    // Numbers so far apart that even sums in Double depend on their order.
    let huge: [Float] = [1e30, 3, -1e30, 5e-20]
    let updates = (0..<4).map { client in
      var update = fixedUpdate(client: client, examples: 1)
      update.adapter[0]["self_attn.q_proj.lora_A.weight"]?.elements[2] = huge[client]
      return update
    }
    let expected = try bits(mean(updates))
    for order in permutations(of: updates) { #expect(try bits(mean(order)) == expected) }
  }

  @Test("of one client is that client's numbers, negative zero included")
  func oneClient() throws {
    var update = fixedUpdate(client: 4)
    update.adapter[1]["self_attn.v_proj.lora_B.weight"]?.elements[0] = -0.0
    #expect(try bits(mean([update])) == bits(update.adapter))
  }

  @Test("does not see a client of weight 0")
  func weightZero() throws {
    let updates = threeUpdates + [fixedUpdate(client: 5, examples: 0)]
    #expect(try bits(mean(updates)) == bits(mean(threeUpdates)))
  }

  @Test("of equal updates is that update, whatever the weights", arguments: 1...64)
  func equalUpdates(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "weights")
    let adapter = fixedAdapter(phase: Double(seed))
    let updates = (0..<5).map { client in
      fixedUpdate(client: client, examples: 1 + stream.nextIndex(below: 1000), adapter: adapter)
    }
    #expect(try bits(mean(updates)) == bits(adapter))
  }

  @Test("changes by rounding alone when all weights share a factor", arguments: [3, 7, 1001])
  func commonFactor(factor: Int) throws {
    let scaled = threeUpdates.map { update in
      fixedUpdate(client: update.client, examples: update.report.exampleCount * factor)
    }
    let (first, second) = (try mean(threeUpdates), try mean(scaled))
    for (layer, other) in zip(first, second) {
      for name in layer.names {
        for (a, b) in zip(layer[name]?.elements ?? [], other[name]?.elements ?? []) {
          #expect(isClose(Double(a), Double(b), within: Tolerance.oneFloatStep))
        }
      }
    }
  }

  @Test("of a grouped pair with their joint weight and a third is the mean of all, up to rounding")
  func grouping() throws {
    let (first, second, third) = (threeUpdates[0], threeUpdates[1], threeUpdates[2])
    let joint = fixedUpdate(
      client: 0,
      examples: first.report.exampleCount + second.report.exampleCount,
      adapter: try mean([first, second])
    )
    let (all, grouped) = (try mean(threeUpdates), try mean([joint, third]))
    for (layer, other) in zip(all, grouped) {
      for name in layer.names {
        for (a, b) in zip(layer[name]?.elements ?? [], other[name]?.elements ?? []) {
          #expect(abs(a - b) <= 1e-7)
        }
      }
    }
  }

  @Test("sees every client and every weight: changing any of them changes it")
  func usesAll() throws {
    let expected = try mean(threeUpdates)
    for index in threeUpdates.indices {
      var heavier = threeUpdates
      heavier[index].report.exampleCount += 1
      #expect(try mean(heavier) != expected)
      var moved = threeUpdates
      moved[index].adapter[1]["self_attn.q_proj.lora_A.weight"]?.elements[3] += 0.5
      #expect(try mean(moved) != expected)
      var fewer = threeUpdates
      fewer.remove(at: index)
      #expect(try mean(fewer) != expected)
    }
  }

  @Test("weighs losses as it weighs numbers")
  func loss() throws {
    // Examples 52, 7 and 124; losses 4.5, 2 and 6.5.
    let expected: Double = (234 + 14 + 806) / 183
    let loss = try WeightedUpdates(threeUpdates, weighting: .examples).loss
    #expect(isClose(loss, expected, within: Tolerance.doubleSums))
  }

  @Test("of nothing, or of nothing that weighs, is an error", arguments: [0, 1, 3])
  func nothing(count: Int) {
    let updates = (0..<count).map { fixedUpdate(client: $0, examples: 0) }
    #expect(federationError { _ = try mean(updates) }?.code == .noWeight)
  }
}

/// All orders of some elements.
private func permutations<Element>(of elements: [Element]) -> [[Element]] {
  guard elements.count > 1 else { return [elements] }
  return elements.indices.flatMap { index in
    var rest = elements
    let first = rest.remove(at: index)
    return permutations(of: rest).map { [first] + $0 }
  }
}
