import DevFTTensor

/// The choice of the clients that take part in a round.
///
/// A cohort depends on seed and round alone, so every method of a comparison sees the same ones.
public struct CohortSampling: Hashable, Sendable {
  /// Number of all known clients.
  public let populationCount: Int
  /// Number of clients in a cohort.
  public let cohortCount: Int
  /// Seed of the run.
  public let seed: UInt64

  /// Checks the counts.
  ///
  /// - Parameters:
  ///   - populationCount: Number of all known clients.
  ///   - cohortCount: Clients a round, in `1 ... populationCount`.
  ///   - seed: Seed of the run.
  /// - Throws: `FederationError` with code `invalidSetting` when the cohort does not fit.
  public init(populationCount: Int, cohortCount: Int, seed: UInt64) throws(FederationError) {
    guard cohortCount >= 1, cohortCount <= populationCount else {
      throw FederationError(
        .invalidSetting,
        "clients per round must be between 1 and the \(populationCount) clients, not \(cohortCount)"
      )
    }
    self.populationCount = populationCount
    self.cohortCount = cohortCount
    self.seed = seed
  }

  /// Draws the cohort of a round without replacement.
  ///
  /// - Parameter round: Round from 1.
  /// - Returns: Clients from 0, ascending.
  public func cohort(round: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "cohort", round: round)
    return stream.permutation(of: populationCount).prefix(cohortCount).sorted()
  }
}
