/// A span of rounds with one number of layers, as the runtime's stage plan has it.
public struct GrowthStage: Equatable, Sendable {
  /// Layers of the submodel, at least 1.
  public var capacity: Int
  /// Rounds, at least 1.
  public var rounds: Int

  /// Describes a stage.
  ///
  /// - Parameters:
  ///   - capacity: Layers of the submodel, at least 1.
  ///   - rounds: Rounds, at least 1.
  public init(capacity: Int, rounds: Int) {
    precondition(capacity >= 1 && rounds >= 1, "\(rounds) rounds of \(capacity) layers")
    self.capacity = capacity
    self.rounds = rounds
  }
}

extension [GrowthStage] {
  /// The capacity of the stage that a round belongs to.
  ///
  /// - Parameter round: Round from 1.
  /// - Returns: Layers; `nil` after the last stage.
  func capacity(ofRound round: Int) -> Int? {
    var last = 0
    return first { stage in
      last += stage.rounds
      return round <= last
    }?.capacity
  }
}
