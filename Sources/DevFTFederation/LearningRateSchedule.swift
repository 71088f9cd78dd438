import Foundation

/// The learning rate of each round; inside a round it does not change.
///
/// Rounds count over the whole run, not from the start of a stage, so that a staged run and a plain
/// one of equal length spend the same rates.
public enum LearningRateSchedule: Hashable, Sendable {
  /// The same rate in every round.
  case constant(Double)
  /// Half a cosine from `initial` towards `final` over `roundCount` rounds.
  case roundCosine(initial: Double, final: Double, roundCount: Int)

  /// The rate of a round.
  ///
  /// `final + (initial - final) (1 + cos(π (round - 1) / roundCount)) / 2`: OpenFedLLM counts rounds
  /// from 0, we from 1. So round 1 has `initial`, and the last round stays one step above `final`;
  /// later rounds have `final`.
  ///
  /// - Parameter round: Round from 1.
  /// - Returns: The rate.
  /// - Precondition: `round` and the number of rounds are at least 1.
  public func rate(round: Int) -> Double {
    precondition(round >= 1, "round \(round) must be at least 1")
    switch self {
    case .constant(let rate):
      return rate
    case .roundCosine(let initial, let final, let roundCount):
      precondition(roundCount >= 1, "number of rounds \(roundCount) must be at least 1")
      let progress = min(Double(round - 1) / Double(roundCount), 1)
      return final + 0.5 * (initial - final) * (1 + cos(.pi * progress))
    }
  }
}
