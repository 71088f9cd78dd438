public import DevFTFederation
import DevFTTensor

/// A trainer without a model: adds a fixed ramp that differs from client to client and round to round.
///
/// Its update depends on the task alone, so rounds over it are instant and their results known.
public struct NoOpTrainer: ClientTrainer {
  private let exampleCount: @Sendable (_ client: Int) -> Int

  /// Creates a trainer.
  ///
  /// - Parameter exampleCount: Number of examples each client holds; unequal by default.
  public init(exampleCount: @escaping @Sendable (_ client: Int) -> Int = { 3 + 2 * $0 }) {
    self.exampleCount = exampleCount
  }

  /// Adds the ramp.
  ///
  /// - Parameter task: Client, round and adapter.
  /// - Returns: The adapter plus a tenth of ``fixedTensor(shape:phase:)``.
  public func train(_ task: ClientTask) -> ClientUpdate {
    let adapter = task.adapter.enumerated().map { layer, tensors in
      tensors.map { name, tensor in
        let phase = Double(task.client) * 1.7 + Double(task.round) * 0.3 + Double(layer)
        let ramp = fixedTensor(shape: tensor.shape, phase: phase + Double(name.utf8.count))
        let elements = zip(tensor.elements, ramp.elements).map { $0 + 0.1 * $1 }
        return Tensor(shape: tensor.shape, elements: elements)
      }
    }
    let report = TrainingReport(
      exampleCount: exampleCount(task.client),
      tokenCount: 50 + 7 * task.client,
      stepCount: task.training.stepCount,
      loss: 2 + 0.25 * Double(task.client),
      computeTime: .milliseconds(10 * (task.client + 1)),
      peakByteCount: 1000 * (task.client + 1)
    )
    return ClientUpdate(client: task.client, round: task.round, adapter: adapter, report: report)
  }
}
