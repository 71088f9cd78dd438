import DevFTTensor

/// The choice of the clients that take part in a round.
///
/// A cohort depends on seed and round alone, so every method of a comparison sees the same ones.
public struct CohortSampling: Hashable, Sendable {
  /// Number of all known clients.
  public let populationCount: Int
  /// Number of clients in the largest cohort.
  public let cohortCount: Int
  /// How cohorts grow to that; `nil`: all have it.
  public let growth: CohortGrowth?
  /// Seed of the run.
  public let seed: UInt64

  /// Checks the counts.
  ///
  /// - Parameters:
  ///   - populationCount: Number of all known clients.
  ///   - cohortCount: Clients a round, in `1 ... populationCount`.
  ///   - growth: How cohorts grow, none of them above `cohortCount`; `nil`: all are as large.
  ///   - seed: Seed of the run.
  /// - Throws: `FederationError` with code `invalidSetting` when the cohort does not fit.
  public init(
    populationCount: Int,
    cohortCount: Int,
    growth: CohortGrowth? = nil,
    seed: UInt64
  ) throws(FederationError) {
    guard cohortCount >= 1, cohortCount <= populationCount else {
      throw FederationError(
        .invalidSetting,
        "clients per round must be between 1 and the \(populationCount) clients, not \(cohortCount)"
      )
    }
    self.populationCount = populationCount
    self.cohortCount = cohortCount
    self.growth = growth
    self.seed = seed
  }

  /// Draws the cohort of a round without replacement; a smaller one is part of the larger one that the
  /// same round would have.
  ///
  /// - Parameter round: Round from 1.
  /// - Returns: Clients from 0, ascending.
  public func cohort(round: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "cohort", round: round)
    let count = min(growth?.count(ofRound: round) ?? cohortCount, cohortCount)
    return stream.permutation(of: populationCount).prefix(count).sorted()
  }
}
