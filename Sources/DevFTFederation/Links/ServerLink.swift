/// The server's end of the wire to its clients.
///
/// Laws: a task is given to its client and to no other; what comes back may be incomplete, repeated,
/// late or damaged, and in any order, but is never made up. The call returns when every task has
/// ended or the link gives up on the rest.
public protocol ServerLink: Sendable {
  /// Has clients train.
  ///
  /// - Parameter tasks: One task a client of the cohort.
  /// - Returns: What became of them.
  /// - Throws: When the link itself is broken; a client's failure is an outcome.
  func perform(_ tasks: [ClientTask]) throws -> [ClientOutcome]
}
