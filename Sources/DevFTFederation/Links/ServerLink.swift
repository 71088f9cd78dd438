/// The server's end of the wire to its clients.
///
/// Laws: a task is given to its client and to no other; what comes back may be incomplete, repeated,
/// late or damaged, and in any order, but is never made up. The call returns when every task has
/// ended or the link gives up on the rest.
public protocol ServerLink: Sendable {
  /// Whether the link itself turns adapters into differences and back where the wire's format is one of
  /// differences; otherwise the server does what the wire would do to the numbers.
  var sendsDifferences: Bool { get }

  /// Bytes of base weights that the last call has sent, by client.
  var baseByteCounts: [Int: Int] { get }

  /// Has clients train.
  ///
  /// - Parameter tasks: One task a client of the cohort.
  /// - Returns: What became of them.
  /// - Throws: When the link itself is broken; a client's failure is an outcome.
  func perform(_ tasks: [ClientTask]) throws -> [ClientOutcome]
}

extension ServerLink {
  /// By default it hands numbers over as they are.
  public var sendsDifferences: Bool { false }

  /// By default clients have the base weights.
  public var baseByteCounts: [Int: Int] { [:] }
}
