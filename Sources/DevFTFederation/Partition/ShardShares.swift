import DevFTTensor

/// Cuts ordered examples into shards and deals each client as many at random.
///
/// - Parameters:
///   - ordered: All examples, alike ones side by side.
///   - clientCount: Number of clients, at least 1.
///   - perClient: Shards a client.
///   - stream: Source of the deal.
/// - Returns: The examples of each client.
/// - Throws: `FederationError` when there are fewer examples than shards.
/// - SeeAlso: McMahan et al., 2017, section 3, <https://arxiv.org/abs/1602.05629>.
func shardShares(
  of ordered: [Int],
  clientCount: Int,
  perClient: Int,
  stream: inout RandomStream
) throws(FederationError) -> [[Int]] {
  guard perClient >= 1 else {
    throw FederationError(.invalidSetting, "shards per client must be at least 1, not \(perClient)")
  }
  // Divided, not multiplied: both numbers come from a configuration and may be huge.
  guard perClient <= ordered.count / clientCount else {
    throw FederationError(
      .emptyClient,
      "\(perClient) shards for each of \(clientCount) clients need as many examples; "
        + "there are \(ordered.count)"
    )
  }
  let shards = nearEqualParts(of: ordered, count: clientCount * perClient)
  let deal = stream.permutation(of: shards.count)
  return (0..<clientCount).map { client in
    deal[client * perClient..<(client + 1) * perClient].flatMap { shards[$0] }
  }
}
