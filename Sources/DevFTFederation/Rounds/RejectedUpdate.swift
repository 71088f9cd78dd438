/// An update that does not count: an event to log, not a failure of the round.
public struct RejectedUpdate: Error, Codable, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with an update.
  public enum Reason: String, Codable, Sendable {
    /// A number of the adapter, or the loss, is NaN or infinite.
    case nonFinite
    /// Layers, names or shapes differ from those sent to the client.
    case wrongShape
    /// A count or a time of the report is negative or absurdly large.
    case wrongReport
    /// It answers another round.
    case wrongRound
    /// The client is not of the cohort.
    case notInCohort
    /// The client's update is there already.
    case duplicate
    /// Its modelled time is past the deadline.
    case late
    /// It answers a round of another stage.
    case otherStage
    /// It answers an earlier round, and the client has sent a newer one.
    case superseded
    /// The round is not open: not yet, or no more.
    case roundNotOpen
  }

  /// The client it claims to come from.
  public var client: Int
  /// What is wrong with it.
  public var reason: Reason
  /// What was expected, what came, and where: one line, without any of the numbers.
  public var message: String

  /// Describes a rejection.
  ///
  /// - Parameters:
  ///   - client: The client it claims to come from.
  ///   - reason: What is wrong with it.
  ///   - message: What was expected, what came, and where: one line.
  public init(client: Int, reason: Reason, message: String) {
    self.client = client
    self.reason = reason
    self.message = message
  }

  /// Client and message.
  public var description: String { "client \(client): \(message)" }
}
