import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("DoFIT")
struct DoFITTests {
  /// Twelve clients, of which 2, 7 and 11 take part in the golden rounds.
  private func method(_ kinds: [Int: String], domains: Int, names: Int = 5) -> DoFIT {
    var options = MethodOptions()
    (options.domains, options.domainNames) = (domains, names)
    let all = (0..<12).map { kinds[$0] ?? kinds[2] ?? "" }
    return DoFIT(MethodSettings(options: options, populationCount: 12, kinds: all, seed: 3))
  }

  @Test("takes the means in each domain and pushes them apart, as an independent witness does")
  func golden() throws {
    let golden = try MethodsGolden.load()
    let two = method([7: "x", 2: "y", 11: "y"], domains: 2)
    let three = method([7: "x", 2: "y", 11: "z"], domains: 3)
    for (method, expected, clients) in [
      (two, golden.dofit.two, [7, 2]), (three, golden.dofit.three, [7, 2, 11]),
    ] {
      #expect(Set(clients.map(method.domain)).count == clients.count)
      var state = method.initialState(adapter(golden.start))
      for (index, round) in expected.enumerated() {
        state = method.combine(try golden.updates(index), into: state)
        for (client, domain) in zip(clients, round.domains) {
          let own = method.start(of: client, in: state)
          #expect(relativeDifference(own, adapter(domain)) < Tolerance.storedMoments)
        }
      }
      #expect(method.evaluated(in: state).count == clients.count)
      #expect(method.personalAdapters(in: state).count == clients.count)
      let names = (0..<clients.count).map { "domain-\($0)" }
      #expect(method.otherResults(in: state).keys.sorted() == names)
    }
  }

  @Test("with one domain is FedIT, to the bit")
  func oneDomain() throws {
    var options = MethodOptions()
    options.domains = 1
    let method = DoFIT(MethodSettings(options: options, populationCount: 5))
    let cohorts = [[4, 1, 2], [0, 2], [3, 1]]
    let (own, plain) = (
      try MethodRun(method, cohorts: cohorts), try MethodRun(FedIT(), cohorts: cohorts)
    )
    #expect(bits(own.state.global) == bits(plain.state.global))
    #expect(method.evaluated(in: own.state).map(bits) == [bits(plain.state.global)])
    #expect(
      method.personalAdapters(in: own.state).isEmpty && method.otherResults(in: own.state).isEmpty
    )
    #expect(own.outcomes.map(\.aggregationErrors) == plain.outcomes.map(\.aggregationErrors))
  }

  @Test("moves a shared tensor by a step of length 1, and equal domains not at all")
  func length() throws {
    let method = method([7: "x", 2: "y"], domains: 2, names: 100)
    let start = method.initialState(fixedAdapter())
    let equal = [7, 2].map { fixedUpdate(client: $0, adapter: fixedAdapter(phase: 1)) }
    let same = method.combine(try WeightedUpdates(equal, weighting: .examples), into: start)
    for client in [7, 2] {
      #expect(bits(method.start(of: client, in: same)) == bits(fixedAdapter(phase: 1)))
    }
    let updates = [7, 2].map { fixedUpdate(client: $0) }
    let moved = method.combine(try WeightedUpdates(updates, weighting: .examples), into: start)
    for update in updates {
      let end = method.start(of: update.client, in: moved)
      for (layer, sent) in zip(end, update.adapter) {
        for name in sent.names {
          let (new, old) = (try #require(layer[name]).elements, try #require(sent[name]).elements)
          let steps = zip(new, old).map { Double($0) - Double($1) }
          #expect(abs(steps.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
          #expect(steps.allSatisfy { $0 > -1e-6 })
        }
      }
    }
  }

  @Test("shares fewer names in a smaller submodel")
  func scaledNames() throws {
    var options = MethodOptions()
    options.domainNames = 4
    let method = DoFIT(
      MethodSettings(options: options, populationCount: 2, layerCount: 8, seed: 1)
    )
    let updates = try WeightedUpdates(
      [0, 1].map { fixedUpdate(client: $0, adapter: fixedAdapter(phase: Double($0) * 0.01)) },
      weighting: .examples
    )
    // Two of eight layers: one name instead of four.
    let state = method.combine(updates, into: method.initialState(fixedAdapter()))
    let end = method.start(of: 1, in: state)
    let moved = updates.updates[1].adapter.indices.flatMap { layer in
      end[layer].names.filter { end[layer][$0] != updates.updates[1].adapter[layer][$0] }
    }
    #expect(moved.count == 1)
  }

  @Test("domains keep clients of one kind together and are dealt by the seed")
  func dealing() {
    let kinds = (0..<20).map { "kind-\($0 % 5)" }
    let dealing = DomainDealing(domainCount: 2, kinds: kinds, seed: 4)
    for client in 5..<20 { #expect(dealing.domains[client] == dealing.domains[client % 5]) }
    #expect(Set(dealing.domains) == [0, 1])
    #expect(DomainDealing(domainCount: 2, kinds: kinds, seed: 4) == dealing)
    #expect((0..<20).contains { DomainDealing(domainCount: 2, kinds: kinds, seed: $0) != dealing })
    let alone = DomainDealing(domainCount: 3, clientCount: 10, seed: 4)
    let counts = (0..<3).map { domain in alone.domains.count { $0 == domain } }
    #expect(counts.sorted() == [3, 3, 4])
    #expect(DomainDealing(domainCount: 9, clientCount: 2, seed: 4).domainCount == 2)
  }

  @Test("a client's kind is what most of its examples are")
  func kinds() throws {
    let partition = Partition(clients: [
      .init(name: "a", examples: [0, 1, 2]), .init(name: "b", examples: [3, 4]),
      .init(name: "c", examples: [5]),
    ])
    let values = ["x", "y", "y", "z", "w", nil]
    #expect(partition.commonestValues(values) == ["y", "w", ""])
  }
}
