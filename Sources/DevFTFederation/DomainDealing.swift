import DevFTTensor

/// The domain of each client, dealt with the seed.
///
/// Clients of one kind share a domain. Kinds in an order drawn at random go to the domains in turn, so that
/// each domain has as many kinds as any other, give or take one.
public struct DomainDealing: Hashable, Sendable {
  /// The domain of each client, by client.
  public let domains: [Int]
  /// Number of domains: as asked, or of kinds when they are fewer.
  public let domainCount: Int

  /// Deals clients.
  ///
  /// - Parameters:
  ///   - domainCount: Number of domains, at least 1.
  ///   - kinds: The kind of each client.
  ///   - seed: Seed of the run.
  public init(domainCount: Int, kinds: [String], seed: UInt64) {
    precondition(
      domainCount >= 1 && !kinds.isEmpty,
      "\(domainCount) domains, \(kinds.count) clients"
    )
    let names = Set(kinds).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let count = min(domainCount, names.count)
    var stream = RandomStream(seed: seed, purpose: "domains")
    var domains: [String: Int] = [:]
    for (turn, index) in stream.permutation(of: names.count).enumerated() {
      domains[names[index]] = turn % count
    }
    self.domains = kinds.map { domains[$0] ?? 0 }
    self.domainCount = count
  }

  /// Deals clients of which nothing is known.
  ///
  /// - Parameters:
  ///   - domainCount: Number of domains, at least 1.
  ///   - clientCount: Number of clients, at least 1.
  ///   - seed: Seed of the run.
  public init(domainCount: Int, clientCount: Int, seed: UInt64) {
    self.init(domainCount: domainCount, kinds: (0..<clientCount).map { "\($0)" }, seed: seed)
  }
}
