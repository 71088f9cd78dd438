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
  ///   - rates: Learning rate of each tensor, as a factor; the same for all by default.
  /// - Returns: An optimizer without memory.
  public func make(
    for layers: [NamedTensors],
    weightDecay: Double,
    clip: Double?,
    rates: TensorRates = TensorRates()
  ) -> any AdapterOptimizer {
    switch self {
    case .adamW: AdamW(for: layers, weightDecay: weightDecay, clip: clip, rates: rates)
    case .sgd: PlainDescent(weightDecay: weightDecay, clip: clip, rates: rates)
    }
  }
}
