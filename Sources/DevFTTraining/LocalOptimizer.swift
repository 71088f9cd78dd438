public import DevFTTensor

/// The optimizer of a local training; a fresh one each time.
public enum LocalOptimizer: String, CaseIterable, Codable, Sendable {
  /// ``AdamW``.
  case adamW = "adamw"
  /// ``PlainDescent``.
  case sgd

  /// Starts it.
  ///
  /// - Parameters:
  ///   - layers: The tensors to train.
  ///   - weightDecay: Weight decay, at least 0.
  ///   - clip: Largest norm of the gradient, above 0, or `nil`.
  /// - Returns: An optimizer without memory.
  public func make(
    for layers: [NamedTensors],
    weightDecay: Double,
    clip: Double?
  ) -> any AdapterOptimizer {
    switch self {
    case .adamW: AdamW(for: layers, weightDecay: weightDecay, clip: clip)
    case .sgd: PlainDescent(weightDecay: weightDecay, clip: clip)
    }
  }
}
