/// The training of one client, wherever it runs.
///
/// Law: the update depends on the task alone, not on tasks before it or beside it. Several threads
/// may train different clients at once.
public protocol ClientTrainer: Sendable {
  /// Trains a client's adapter on its own examples.
  ///
  /// - Parameter task: Client, adapter and what to do.
  /// - Returns: The trained adapter and its report.
  /// - Throws: Anything; the client then counts as failed in this round.
  func train(_ task: ClientTask) throws -> ClientUpdate
}
