public import DevFTTensor

/// Moves an adapter by its gradients.
public protocol AdapterOptimizer: Sendable {
  /// Updates an adapter in place.
  ///
  /// - Parameters:
  ///   - layers: The adapter, one set a layer.
  ///   - gradients: Gradients of the tensors to update, under the same names; others stay.
  ///   - learningRate: Learning rate of this step, at least 0.
  /// - Returns: Norm of the gradient before clipping.
  mutating func step(
    _ layers: inout [NamedTensors],
    gradients: [NamedTensors],
    learningRate: Double
  ) -> Double
}

/// The norm of all gradients together.
func norm(of gradients: [NamedTensors]) -> Double {
  var sum = 0.0
  for layer in gradients {
    for name in layer.names { sum += layer[name]?.squaredNorm ?? 0 }
  }
  return sum.squareRoot()
}

/// The factor that brings a gradient down to the largest norm allowed.
///
/// - Parameters:
///   - norm: Norm of the gradient.
///   - clip: Largest norm, above 0, or `nil`.
/// - Returns: At most 1.
func clippingFactor(norm: Double, clip: Double?) -> Double {
  // The small term is PyTorch's, so that ten steps agree with it digit for digit.
  clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
}
