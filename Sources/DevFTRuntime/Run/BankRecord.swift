import DevFTFederation

/// What a round left of the factors that were merged into the base.
public struct BankRecord: Codable, Sendable {
  /// Largest rank of a module.
  public var rank: Int
  /// Share of the bank's norm that `federation.options.bank_rank` has cut in the round.
  public var lost: Double

  /// Describes a bank; `nil` where nothing has been merged.
  ///
  /// - Parameter outcome: The round.
  init?(_ outcome: RoundOutcome) {
    let bank = outcome.state.bank
    guard !bank.isEmpty else { return nil }
    rank = bank.rank
    lost = outcome.skipReason == nil ? bank.lostShare : 0
  }
}
