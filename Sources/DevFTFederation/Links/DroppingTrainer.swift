/// A trainer whose clients sometimes do not answer.
public struct DroppingTrainer: ClientTrainer {
  /// What a client that does not answer counts as.
  struct NoAnswer: Error, CustomStringConvertible {
    let description = "did not answer, as its schedule says"
  }

  private let trainer: any ClientTrainer
  private let isDropped: @Sendable (_ client: Int, _ round: Int) -> Bool

  /// Wraps a trainer.
  ///
  /// - Parameters:
  ///   - trainer: Trains the clients that answer.
  ///   - isDropped: Whether a client does not answer in a round.
  public init(
    _ trainer: any ClientTrainer,
    isDropped: @escaping @Sendable (_ client: Int, _ round: Int) -> Bool
  ) {
    self.trainer = trainer
    self.isDropped = isDropped
  }

  /// Trains a client that answers.
  ///
  /// - Parameter task: Client, adapter and what to do.
  /// - Returns: The update.
  /// - Throws: When the client does not answer, or its training fails.
  public func train(_ task: ClientTask) throws -> ClientUpdate {
    if isDropped(task.client, task.round) { throw NoAnswer() }
    return try trainer.train(task)
  }
}
