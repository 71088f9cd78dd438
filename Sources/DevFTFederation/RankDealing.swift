import DevFTTensor

/// The rank of each client's adapter, dealt with the seed.
///
/// Clients in an order drawn at random get the listed ranks in turn, so that each rank goes to as many
/// clients as any other, give or take one.
public struct RankDealing: Hashable, Sendable {
  /// The rank of each client, by client.
  public let ranks: [Int]

  /// Deals ranks.
  ///
  /// - Parameters:
  ///   - list: The ranks, at least one.
  ///   - clientCount: Number of all known clients.
  ///   - seed: Seed of the run.
  public init(_ list: [Int], clientCount: Int, seed: UInt64) {
    precondition(!list.isEmpty, "no rank to deal")
    var stream = RandomStream(seed: seed, purpose: "ranks")
    var ranks = Array(repeating: list[0], count: clientCount)
    for (turn, client) in stream.permutation(of: clientCount).enumerated() {
      ranks[client] = list[turn % list.count]
    }
    self.ranks = ranks
  }
}
