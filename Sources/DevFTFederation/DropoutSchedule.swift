import DevFTTensor

/// Which clients of a round do not answer, by chance.
///
/// It depends on seed, round and client alone, so every method of a comparison loses the same ones.
public struct DropoutSchedule: Hashable, Sendable {
  /// Probability that a client does not answer in a round, in `0 ..< 1`.
  public let rate: Double
  /// Clients of each round that answer in any case.
  public let minimumCount: Int
  /// Seed of the run.
  public let seed: UInt64

  /// Describes a schedule.
  ///
  /// - Parameters:
  ///   - rate: Probability that a client does not answer in a round, in `0 ..< 1`.
  ///   - minimumCount: Clients of each round that answer in any case, at least 0.
  ///   - seed: Seed of the run.
  public init(rate: Double, minimumCount: Int, seed: UInt64) {
    precondition((0..<1).contains(rate), "rate \(rate) is not in 0 ..< 1")
    self.rate = rate
    self.minimumCount = minimumCount
    self.seed = seed
  }

  /// The clients that do not answer.
  ///
  /// - Parameters:
  ///   - cohort: The clients of the round.
  ///   - round: Round from 1.
  /// - Returns: Some of them; none when the rate is 0.
  public func dropped(from cohort: [Int], round: Int) -> Set<Int> {
    guard rate > 0 else { return [] }
    let draws = cohort.map { client in
      var stream = RandomStream(seed: seed, purpose: "dropout", round: round, client: client)
      return (draw: stream.nextUniform(), client: client)
    }
    // Those that came nearest to answering are kept when too many would be lost.
    let lost = draws.filter { $0.draw < rate }.sorted { $0 < $1 }
    return Set(lost.prefix(max(0, cohort.count - minimumCount)).map(\.client))
  }
}
