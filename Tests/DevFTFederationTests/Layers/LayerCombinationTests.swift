import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Combination of layers over the clients that trained them")
struct LayerCombinationTests {
  private let golden: LayersGolden

  init() throws { golden = try LayersGolden.load() }

  private func outcome(_ cohort: [Int], reversed: Bool = false) throws -> RoundOutcome {
    try Federation(method: golden.method).runRound(
      plan(cohort: cohort),
      from: FederatedState(global: adapter(golden.start)),
      over: LayersGoldenLink(golden: golden, reversed: reversed)
    )
  }

  @Test("agrees with the independent witness to the bit, unequal weights and selections")
  func witness() throws {
    let outcome = try outcome([7, 2, 11])
    #expect(outcome.rejected.isEmpty)
    #expect(bits(outcome.state.global) == bits(adapter(golden.combined)))
    #expect(outcome.aggregationErrors.count == golden.errors.count)
    for (error, expected) in zip(outcome.aggregationErrors, golden.errors) {
      #expect(error.layer == expected.layer && error.module == expected.module)
      #expect(abs(error.relative - expected.relative) < 1e-5)
    }
  }

  @Test("gives the same bytes in any order of arrival")
  func anyOrder() throws {
    let (one, other) = (try outcome([7, 2, 11]), try outcome([11, 2, 7], reversed: true))
    #expect(one.state == other.state && bits(one.state.global) == bits(other.state.global))
  }

  @Test("leaves a layer without owner as it was, and one of a single owner as its owner sent it")
  func owners() throws {
    let start = adapter(golden.start)
    let state = try outcome([7, 2, 11]).state
    #expect(bits([state.global[3]]) == bits([start[3]]))
    let single = try #require(golden.updates.first { $0.client == 11 })
    #expect(bits([state.global[4]]) == bits([adapter(single.sent)[2]]))
    let alone = try outcome([2]).state
    let sent = adapter(try #require(golden.updates.first { $0.client == 2 }).sent)
    #expect(bits(alone.global) == bits([sent[0], start[1], sent[1], start[3], start[4]]))
  }

  @Test("where all own all it is the plain mean")
  func plainMean() throws {
    let updates = try WeightedUpdates(threeUpdates, weighting: .examples)
    #expect(bits(updates.mean(elsewhere: fixedAdapter(phase: 9))) == bits(updates.mean()))
  }

  @Test("refuses updates of other layers than were asked for")
  func otherLayers() throws {
    let layers = LayerSelection(layerCount: 2, present: [0, 1], trained: [1])
    let method = SelectingMethod(layers: [0: layers, 1: layers, 2: layers])
    let adapter = fixedAdapter()
    let link = FaultyLink(InProcessLink(workerCount: 1, trainer: NoOpTrainer(method: method))) {
      [
        $0[0], $0[1].changing { $0.adapter = adapter },
        $0[2].changing { $0.report.layerGradientNorms = [1, 2] },
      ]
    }
    let outcome = try Federation(method: method).runRound(
      plan(cohort: [0, 1, 2]),
      from: FederatedState(global: adapter),
      over: link
    )
    #expect(outcome.rejected.map(\.client) == [1, 2])
    #expect(outcome.rejected.map(\.reason) == [.wrongShape, .wrongReport])
    #expect(outcome.reports.keys.sorted() == [0])
    #expect(outcome.layers[0] == layers)
  }
}
