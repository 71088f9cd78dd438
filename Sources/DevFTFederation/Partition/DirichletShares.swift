import DevFTTensor

/// Splits each label's examples in proportions drawn from a Dirichlet distribution.
///
/// - Parameters:
///   - labels: The examples of each label.
///   - clientCount: Number of clients, at least 1.
///   - alpha: Concentration, `1e-6 ... 1e6`.
///   - minimumExamples: Fewest examples of a client, at least 1.
///   - stream: Source of the draws.
/// - Returns: The examples of each client.
/// - Throws: `FederationError` when the numbers are out of range or no draw gave everyone enough.
/// - SeeAlso: Hsu et al., 2019, <https://arxiv.org/abs/1909.06335>.
func dirichletShares(
  of labels: [Partition.Client],
  clientCount: Int,
  alpha: Double,
  minimumExamples: Int,
  stream: inout RandomStream
) throws(FederationError) -> [[Int]] {
  let exampleCount = labels.reduce(0) { $0 + $1.examples.count }
  // Outside this range the draws are one label a client, or equal shares, to the last bit.
  guard (1e-6...1e6).contains(alpha) else {
    throw FederationError(
      .invalidSetting,
      "Dirichlet alpha must be between 0.000001 and 1000000, not \(alpha)"
    )
  }
  guard minimumExamples >= 1, minimumExamples <= exampleCount / clientCount else {
    throw FederationError(
      .emptyClient,
      "a minimum of \(minimumExamples) examples for each of \(clientCount) clients "
        + "must be at least 1 and fit the \(exampleCount) examples"
    )
  }
  let drawLimit = 1000
  for _ in 0..<drawLimit {
    let counts = labels.map { label in
      let proportions = stream.nextDirichlet(alpha: alpha, count: clientCount)
      return wholeShares(of: label.examples.count, proportions: proportions)
    }
    let sizes = (0..<clientCount).map { client in counts.reduce(0) { $0 + $1[client] } }
    if sizes.allSatisfy({ $0 >= minimumExamples }) { return deal(labels, counts, &stream) }
  }
  throw FederationError(
    .emptyClient,
    "no draw of \(drawLimit) gave each of \(clientCount) clients \(minimumExamples) of "
      + "\(exampleCount) examples; raise alpha (\(alpha)) or lower the number of clients"
  )
}

/// Hands out each label's examples, shuffled, in the drawn numbers.
private func deal(
  _ labels: [Partition.Client],
  _ counts: [[Int]],
  _ stream: inout RandomStream
) -> [[Int]] {
  var shares: [[Int]] = Array(repeating: [], count: counts.first?.count ?? 0)
  for (label, counts) in zip(labels, counts) {
    var rest = stream.permutation(of: label.examples.count).map { label.examples[$0] }[...]
    for (client, count) in counts.enumerated() {
      shares[client] += rest.prefix(count)
      rest = rest.dropFirst(count)
    }
  }
  return shares
}

/// Rounds shares of a whole to integers that add up to it (largest remainders).
///
/// - Parameters:
///   - total: The whole, at least 0.
///   - proportions: Shares that add up to 1.
/// - Returns: One integer a share; of equal remainders the first is rounded up.
func wholeShares(of total: Int, proportions: [Double]) -> [Int] {
  let quotas = proportions.map { $0 * Double(total) }
  var shares = quotas.map { Int($0) }
  let missing = total - shares.reduce(0, +)
  let remainders = zip(quotas, shares).map { $0 - Double($1) }
  let byRemainder = remainders.indices.sorted {
    (-remainders[$0], $0) < (-remainders[$1], $1)
  }
  for client in byRemainder.prefix(missing) { shares[client] += 1 }
  return shares
}
