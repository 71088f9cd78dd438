public import DevFTFederation

/// A trainer that goes wrong for some clients, and is a ``NoOpTrainer`` for the others.
public struct FaultyTrainer: ClientTrainer {
  /// What goes wrong in a client.
  public enum Fault: Sendable {
    /// Training throws ``Failure``.
    case failure(String)
    /// The loss becomes NaN.
    case lossIsNaN
  }

  /// What a faulty client throws.
  public struct Failure: Error, CustomStringConvertible {
    /// What happened.
    public var description: String
  }

  private let faults: [Int: Fault]

  /// Creates a trainer.
  ///
  /// - Parameter faults: What goes wrong, by client.
  public init(_ faults: [Int: Fault]) { self.faults = faults }

  /// Trains a client, or fails.
  ///
  /// - Parameter task: Client, round and adapter.
  /// - Returns: The update of ``NoOpTrainer``, perhaps with a NaN loss.
  /// - Throws: ``Failure``.
  public func train(_ task: ClientTask) throws -> ClientUpdate {
    var update = NoOpTrainer().train(task)
    switch faults[task.client] {
    case .failure(let description): throw Failure(description: description)
    case .lossIsNaN: update.report.loss = .nan
    case nil: break
    }
    return update
  }
}
