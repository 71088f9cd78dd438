import DevFTTensor

/// Merging, and who lacks what of it.
extension FederatedState {
  /// Name of the numbers that say how much each round has merged.
  private static let merged = "merged"

  /// Merges low-rank factors into the base.
  ///
  /// - Parameters:
  ///   - factors: One set a layer of the submodel; sets without numbers merge nothing.
  ///   - round: Round from 1.
  ///   - rankLimit: Ranks of a module that the bank keeps; 0 keeps all.
  /// - Throws: `FederationError` with code `notSolvable`.
  mutating func merge(
    _ factors: [NamedTensors],
    round: Int,
    rankLimit: Int
  ) throws(FederationError) {
    let count = factors.reduce(0) { $0 + $1.parameterCount }
    guard count > 0 else { return bank.clearTruncations() }
    try bank.merge(factors, rankLimit: rankLimit)
    numbers[Self.merged, default: [:]][round] = Double(count)
  }

  /// Numbers of merged factors that a client lacks: what all rounds since its last one have merged, or the
  /// bank as it is, whichever is less.
  ///
  /// A client that was in a round has what was merged before it. It follows merges with the same
  /// steps as the server, cuts included.
  ///
  /// - Parameter place: Round, and when the client last took part.
  /// - Returns: Numbers that go down.
  func missedNumberCount(at place: TaskPlace) -> Int {
    let missed = numbers[Self.merged, default: [:]].filter { $0.key >= place.lastRound ?? 0 }
    return min(missed.values.reduce(0) { $0 + Int($1) }, bank.parameterCount)
  }

  /// The aggregation error of a method that merges what the mean of factors leaves out: what a cut of the
  /// bank has lost, since nothing else is.
  ///
  /// - Parameter updates: Checked updates with their shares.
  /// - Returns: One entry a module.
  func mergeErrors(of updates: WeightedUpdates) -> [AggregationError] {
    aggregationErrors(of: updates).map { error in
      var error = error
      error.difference =
        bank.truncations.first { $0.layer == error.layer && $0.module == error.module }?.lost ?? 0
      return error
    }
  }
}
