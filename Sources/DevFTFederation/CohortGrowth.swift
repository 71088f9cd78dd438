/// Cohorts that grow: few clients a round while all of them would say much the same, more later.
///
/// The mean over `K` clients costs `K` times the device time and bytes of one client's round. Early updates point the same
/// way, so a small cohort learns nearly as much a round; late ones differ by client, and a larger cohort
/// averages that out.
///
/// - SeeAlso: Reisizadeh et al., 2022, whose FLANP doubles the participants from stage to stage,
///   <https://arxiv.org/abs/2012.14453>.
public struct CohortGrowth: Hashable, Sendable {
  /// Clients a round, by stage.
  public let counts: [Int]
  /// Rounds of each stage.
  public let roundCounts: [Int]

  /// Lays out the stages.
  ///
  /// - Parameters:
  ///   - counts: Clients a round by stage, at least one stage.
  ///   - roundCounts: Rounds by stage; `nil`: equal shares of all, what does not divide to the last ones.
  ///   - totalRounds: Rounds of the run.
  /// - Throws: `FederationError` with code `invalidSetting` when stages and rounds do not fit.
  public init(
    counts: [Int],
    roundCounts: [Int]?,
    totalRounds: Int
  ) throws(FederationError) {
    precondition(!counts.isEmpty, "cohorts without a stage")
    let (each, rest) = totalRounds.quotientAndRemainder(dividingBy: counts.count)
    let equal = counts.indices.map { each + ($0 >= counts.count - rest ? 1 : 0) }
    self.counts = counts
    self.roundCounts = roundCounts ?? equal
    let sum = self.roundCounts.reduce(0, +)
    guard self.roundCounts.count == counts.count, sum == totalRounds,
      self.roundCounts.allSatisfy({ $0 >= 1 })
    else {
      throw FederationError(
        .invalidSetting,
        "expected \(counts.count) numbers of at least 1 that add up to the \(totalRounds) rounds, "
          + "got \(self.roundCounts)"
      )
    }
  }

  /// Clients of a round.
  ///
  /// - Parameter round: Round from 1; after the last stage its cohort stays.
  /// - Returns: At least 1.
  public func count(ofRound round: Int) -> Int {
    var last = 0
    for (count, rounds) in zip(counts, roundCounts) {
      last += rounds
      if round <= last { return count }
    }
    return counts[counts.count - 1]
  }
}
