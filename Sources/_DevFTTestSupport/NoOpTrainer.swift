public import DevFTFederation
import DevFTTensor

/// A trainer without a model: adds a fixed ramp that differs from client to client and round to round.
///
/// Its update depends on the task alone, so rounds over it are instant and their results known. What
/// a method's rule says of the tensors that are trained, and of what is sent, it does; so it does what a
/// task says of the layers.
public struct NoOpTrainer: ClientTrainer {
  private let method: any FederatedMethod
  private let exampleCount: @Sendable (_ client: Int) -> Int

  /// Creates a trainer.
  ///
  /// - Parameters:
  ///   - method: Says how clients train; plain averaging by default.
  ///   - exampleCount: Number of examples each client holds; unequal by default.
  public init(
    method: any FederatedMethod = FedIT(),
    exampleCount: @escaping @Sendable (_ client: Int) -> Int = { 3 + 2 * $0 }
  ) {
    self.method = method
    self.exampleCount = exampleCount
  }

  /// Adds the ramp.
  ///
  /// - Parameter task: Client, round and adapter.
  /// - Returns: The adapter plus a tenth of ``fixedTensor(shape:phase:)``, and the report.
  public func train(_ task: ClientTask) -> ClientUpdate {
    let rule = method.localRule(for: task)
    let trained = Set(task.layers?.trainedPlaces ?? Array(task.adapter.indices))
    let adapter = task.adapter.enumerated().map { layer, tensors in
      guard trained.contains(layer) else { return tensors }
      return tensors.map { name, tensor in
        guard rule.trains(name) else { return tensor }
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
      peakByteCount: 1000 * (task.client + 1),
      layerGradientNorms: rule.reportsGradientNorms
        ? trained.sorted().map { 1 + 0.5 * Double(($0 + task.client) % 3) } : []
    )
    let training = task.training
    let sent = rule.sent(
      adapter,
      learningRates: training.learningRate * Double(training.stepCount)
    )
    return ClientUpdate(
      client: task.client,
      round: task.round,
      adapter: task.layers?.trained(of: sent.adapter) ?? sent.adapter,
      auxiliary: sent.auxiliary,
      report: report
    )
  }
}
