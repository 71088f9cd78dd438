/// Where in a run a client's task stands.
public struct TaskPlace: Hashable, Sendable {
  /// Which way something travels.
  public enum Way: Sendable {
    /// From server to client, before the training.
    case down
    /// From client to server, after it.
    case up
  }

  /// Round from 1, counted over the whole run.
  public var round: Int
  /// Round from 1, counted from the start of its stage.
  public var roundOfStage: Int
  /// The last earlier round whose cohort the client was in, or `nil`.
  public var lastRound: Int?

  /// Describes a place.
  ///
  /// - Parameters:
  ///   - round: Round from 1, counted over the whole run.
  ///   - roundOfStage: Round from 1, counted from the start of its stage.
  ///   - lastRound: The last earlier round whose cohort the client was in, or `nil`.
  public init(round: Int, roundOfStage: Int, lastRound: Int? = nil) {
    precondition((1...round).contains(roundOfStage), "round \(roundOfStage) of stage, \(round)")
    self.round = round
    self.roundOfStage = roundOfStage
    self.lastRound = lastRound
  }
}
