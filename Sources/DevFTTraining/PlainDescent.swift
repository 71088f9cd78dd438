public import DevFTTensor

/// Gradient descent without memory: `θ ← θ (1 − η λ) − η g`, with clipping of the gradient's norm.
public struct PlainDescent: AdapterOptimizer {
  /// Weight decay `λ`, at least 0.
  public let weightDecay: Double
  /// Largest norm of the whole gradient, to which larger ones are scaled down; `nil` never clips.
  public let clip: Double?
  /// Learning rate of each tensor, as a factor.
  private let rates: TensorRates

  /// Creates an optimizer.
  ///
  /// - Parameters:
  ///   - weightDecay: Weight decay, at least 0.
  ///   - clip: Largest norm of the gradient, above 0, or `nil`.
  ///   - rates: Learning rate of each tensor, as a factor; the same for all by default.
  public init(weightDecay: Double, clip: Double?, rates: TensorRates = TensorRates()) {
    self.weightDecay = weightDecay
    self.clip = clip
    self.rates = rates
  }

  /// Updates an adapter in place.
  ///
  /// - Parameters:
  ///   - layers: The adapter, one set a layer.
  ///   - gradients: Gradients of the tensors to update, under the same names; others stay.
  ///   - learningRate: Learning rate `η` of this step, at least 0.
  /// - Returns: Norm of the gradient before clipping.
  public mutating func step(
    _ layers: inout [NamedTensors],
    gradients: [NamedTensors],
    learningRate: Double
  ) -> Double {
    let norm = norm(of: gradients)
    let clipped = clippingFactor(norm: norm, clip: clip)
    for layer in layers.indices {
      for name in gradients[layer].names {
        guard let gradient = gradients[layer][name] else { continue }
        let rate = learningRate * rates.factor(of: name)
        layers[layer][name]?.descend(
          gradient.elements,
          rate: Float(rate * clipped),
          keep: Float(1 - rate * weightDecay)
        )
      }
    }
    return norm
  }
}

extension Tensor {
  fileprivate mutating func descend(_ gradient: [Float], rate: Float, keep: Float) {
    precondition(gradient.count == count, "\(gradient.count) gradients for \(shape)")
    for index in gradient.indices {
      elements[index] = elements[index] * keep - rate * gradient[index]
    }
  }
}
