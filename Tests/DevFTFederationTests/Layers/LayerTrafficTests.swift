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

  @Test(
    "ChainFed's clients get the trained pairs above their window that are as wide as the stream"
  )
  func chain() throws {
    let method = ChainFed(settings(8) { ($0.window, $0.chainWeight) = (3, 0.3) })
    let start = fixedAdapter(layerCount: Self.layerCount).map { layer in
      var layer = layer
      layer["self_attn.o_proj.lora_A.weight"] = fixedTensor(shape: [3, 7], phase: 0.4)
      layer["self_attn.o_proj.lora_B.weight"] = fixedTensor(shape: [7, 3], phase: 0.9)
      return layer
    }
    let run = try MethodRun(method, cohorts: Array(repeating: [0, 1], count: 8), start: start)
    let pairBytes = 4 * (7 * 3 + 3 * 7)
    let aux = run.outcomes.compactMap { $0.meters.clients[1]?.traffic }.map { $0.aux - $0.auxUp }
    // All layers above a window have been trained when the first one comes again.
    let above = [0, 0, 0, 0, 0, 0, 5, 4].map { $0 * pairBytes }
    #expect(aux == above.map { $0 + Self.layerCount })
    for (round, layers) in [(1, 0), (7, 5), (6, nil)] as [(Int, Int?)] {
      let place = TaskPlace(round: round, roundOfStage: round)
      let sets = method.auxiliary(
        in: round == 1 ? method.initialState(start) : run.state,
        at: place
      )
      var task = task(client: 0, round: round, adapter: start)
      task.layers = method.layers(of: 0, at: place, in: run.state)
      task.auxiliary = sets
      let chain = method.localRule(for: task).chain
      #expect(chain?.adapters.count == layers && chain?.weight == layers.map { _ in 0.3 })
      #expect(sets == (layers == 5 ? run.state.global.suffix(5).map(Self.output) : []))
    }
  }

  /// The pair of the output projection.
  private static func output(_ layer: NamedTensors) -> NamedTensors {
    var pair = NamedTensors()
    for name in layer.names where name.contains("o_proj") { pair[name] = layer[name] }
    return pair
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
