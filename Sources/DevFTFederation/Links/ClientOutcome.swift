/// How a client's task ended.
public enum ClientOutcome: Equatable, Sendable {
  /// The client sent an update; the server has still to check it.
  case update(ClientUpdate)
  /// The client sent an update that answers a task of an earlier round.
  case late(ClientUpdate, of: ClientTask)
  /// The client sent none.
  case failure(ClientFailure)
}

/// Why a client sent no update.
public struct ClientFailure: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The client, from 0.
  public var client: Int
  /// What happened: one line, never the client's data.
  public var reason: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - reason: What happened: one line.
  public init(client: Int, reason: String) {
    self.client = client
    self.reason = reason
  }

  /// Client and reason.
  public var description: String { "client \(client): \(reason)" }
}
