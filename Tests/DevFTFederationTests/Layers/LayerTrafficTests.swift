import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Bytes of rounds over some layers, against the published formulas")
struct LayerTrafficTests {
  /// Bytes of one of the layers' adapters: `b N / L`.
  private static let layerBytes = 4 * 57
  private static let layerCount = 8

  /// Traffic of one client that takes part in some rounds of a method, together with another.
  private func traffic(
    _ method: any FederatedMethod,
    rounds: Int,
    client: Int = 1,
    cohort: (_ round: Int) -> [Int] = { _ in [0, 1] }
  ) throws -> [Traffic] {
    let start = fixedAdapter(layerCount: Self.layerCount)
    let run = try MethodRun(method, cohorts: (1...rounds).map(cohort), start: start)
    return run.outcomes.compactMap { $0.meters.clients[client]?.traffic }
  }

  private func settings(_ rounds: Int, _ change: (inout MethodOptions) -> Void) -> MethodSettings {
    var options = MethodOptions()
    change(&options)
    return MethodSettings(
      options: options,
      populationCount: 4,
      roundCount: rounds,
      layerCount: Self.layerCount,
      seed: 5,
      growth: [1, 2, 4, 8].map { GrowthStage(capacity: $0, rounds: max(1, rounds / 4)) }
    )
  }

  /// Adapters of so many layers each way, and the byte a layer that says which.
  private func layers(up: Int, down: Int, auxUp: Int = 0) -> Traffic {
    Traffic(
      loraUp: up * Self.layerBytes,
      loraDown: down * Self.layerBytes,
      aux: Self.layerCount + auxUp,
      auxUp: auxUp
    )
  }

  @Test("ProgFed sends N L_s / L each way; matched, 1 / 2.133 of plain rounds as DevFT")
  func progFed() throws {
    let paper = try traffic(ProgFed(settings(16) { _ in }), rounds: 16)
    let capacities = [2, 2, 4, 4, 6, 6] + Array(repeating: 8, count: 10)
    #expect(paper == capacities.map { layers(up: $0, down: $0) })
    let matched = try traffic(
      ProgFed(settings(16) { $0.progFedSchedule = .matched }),
      rounds: 16
    )
    let sent = matched.reduce(0) { $0 + $1.loraUp }
    #expect(Double(16 * Self.layerCount * Self.layerBytes) / Double(sent) == 32.0 / 15)
    #expect(matched.map(\.loraDown) == matched.map(\.loraUp))
  }

  @Test(
    "top-layers and even-layers send N K / L each way, in each round",
    arguments: [TopLayers.self, EvenLayers.self] as [any FederatedMethod.Type]
  )
  func fixedLayers(method: any FederatedMethod.Type) throws {
    let three = method.init(settings(4) { $0.layers = 3 })
    #expect(try traffic(three, rounds: 4) == Array(repeating: layers(up: 3, down: 3), count: 4))
    // The mean of 1, 2, 4 and 8 layers, rounded half up.
    let standard = method.init(settings(4) { _ in })
    #expect(try traffic(standard, rounds: 1) == [layers(up: 4, down: 4)])
  }

  @Test("random-layers send N K / L up, and down every layer that has changed meanwhile")
  func randomLayers() throws {
    let method = RandomLayers(settings(6) { $0.layers = 3 })
    let start = fixedAdapter(layerCount: Self.layerCount)
    // Client 1 is away in rounds 2 to 4.
    let cohorts = (1...6).map { (2...4).contains($0) ? [0] : [0, 1] }
    let run = try MethodRun(method, cohorts: cohorts, start: start)
    var (changed, held): (Set<Int>, Set<Int>) = ([], [])
    for (index, outcome) in run.outcomes.enumerated() {
      let drawn = try #require(outcome.layers[0]?.trained)
      #expect(drawn.count == 3)
      if let traffic = outcome.meters.clients[1]?.traffic {
        // It lacks what it is to train and what has been trained, less what it holds unchanged.
        let lacked = changed.union(drawn).subtracting(held)
        #expect(traffic == layers(up: 3, down: lacked.count), "round \(index + 1)")
        held = changed.union(drawn)
      }
      changed.formUnion(drawn)
      held.subtract(drawn)
    }
    #expect(Set(run.outcomes.map { $0.layers[0]?.trained ?? [] }).count > 3)
  }

  @Test("ChainFed sends N Q / L up; down the window, and the layer below it that has just changed")
  func chainFed() throws {
    let method = ChainFed(settings(8) { $0.window = 3 })
    let all = try traffic(method, rounds: 8)
    let norms = 4 * Self.layerCount
    // The last window is that of round 6; then the first one is next.
    #expect(all.first == layers(up: 3, down: 3, auxUp: norms))
    #expect(Array(all[1...5]) == Array(repeating: layers(up: 3, down: 4), count: 5))
    // Layers 0 to 2 run alone, and have not changed since the client last had them.
    #expect(all[6] == layers(up: 3, down: 0))
    #expect(all[7] == layers(up: 3, down: 3))
  }

  @Test("FedPruner sends N K / L up with a norm a layer")
  func fedPruner() throws {
    let method = FedPruner(settings(3) { $0.layers = 3 })
    for traffic in try traffic(method, rounds: 3) {
      #expect(traffic.loraUp == 3 * Self.layerBytes && traffic.loraDown <= traffic.loraUp)
      #expect(traffic.auxUp == 4 * 3 && traffic.aux == Self.layerCount + traffic.auxUp)
    }
    #expect(try traffic(method, rounds: 1)[0].loraDown == 3 * Self.layerBytes)
  }
}
