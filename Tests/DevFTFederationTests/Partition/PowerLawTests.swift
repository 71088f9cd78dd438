import DevFTFederation
import Testing

@Suite("Clients whose sizes follow a power law")
struct PowerLawTests {
  private func sizes(_ exponent: Double, clients: Int = 10, seed: UInt64 = 7) throws -> [Int] {
    let partition = try Partition(
      .powerLaw(exponent: exponent),
      exampleCount: 10_000,
      clientCount: clients,
      seed: seed
    )
    return partition.clients.map(\.examples.count)
  }

  @Test("have, beyond the one that each has, shares in proportion to the power of their place")
  func proportions() throws {
    let ordered = try sizes(2).sorted(by: >)
    for (place, size) in ordered.enumerated() {
      let expected = Double(ordered[0] - 1) / Double((place + 1) * (place + 1))
      #expect(abs(Double(size - 1) - expected) <= 1.5)
    }
    #expect(try Set(sizes(0)) == [1000])
  }

  @Test("are large or small by chance, and never without an example")
  func chance() throws {
    let largest = try (1...20).map { seed in
      let sizes = try sizes(2, seed: UInt64(seed))
      return sizes.firstIndex(of: sizes.max() ?? 0)
    }
    #expect(Set(largest).count > 3)
    #expect(try sizes(8, clients: 5000).min() == 1)
  }

  @Test("an exponent out of range is refused", arguments: [-0.1, 8.1, .nan, .infinity])
  func refusal(exponent: Double) {
    #expect(federationError { _ = try sizes(exponent) }?.code == .invalidSetting)
  }
}
