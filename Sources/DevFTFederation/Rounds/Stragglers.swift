import Foundation

/// What becomes of an answer that comes after its round has closed.
public enum Stragglers: String, CaseIterable, Codable, Sendable {
  /// It is dropped, and counted.
  case drop
  /// It counts in the round in which it comes, if that is of the same stage, for less: see
  /// ``staleness(ofLateness:)``.
  case stale

  /// What a late update's weight is multiplied by: `1 / (1 + s)^0.5`.
  ///
  /// - Parameter rounds: Rounds `s` between the round that it answers and the one that it counts in, at
  ///   least 0.
  /// - Returns: A number above 0, 1 for an update that is not late.
  /// - SeeAlso: FedAsync's polynomial staleness function with `a = 0.5`: Xie, Koyejo and Gupta, 2019,
  ///   section 5.2, <https://arxiv.org/abs/1903.03934>.
  public static func staleness(ofLateness rounds: Int) -> Double {
    1 / Double(1 + rounds).squareRoot()
  }
}
