public import DevFTTensor

/// AdamW over all tensors of an adapter, with clipping of the gradient's norm.
///
/// A value: copying it copies the moments. Federated clients start a fresh one each round.
/// - SeeAlso: Loshchilov and Hutter, 2019, <https://arxiv.org/abs/1711.05101>.
public struct AdamW: AdapterOptimizer {
  /// Weight decay `λ`, at least 0.
  public let weightDecay: Double
  /// Largest norm of the whole gradient, to which larger ones are scaled down; `nil` never clips.
  public let clip: Double?
  /// Learning rate of each tensor, as a factor.
  private let rates: TensorRates
  /// Steps taken.
  public private(set) var stepCount = 0
  private var firstMoments: [NamedTensors]
  private var secondMoments: [NamedTensors]

  /// Starts with moments of zero.
  ///
  /// - Parameters:
  ///   - layers: The tensors to train, for their shapes.
  ///   - weightDecay: Weight decay, at least 0.
  ///   - clip: Largest norm of the gradient, above 0, or `nil`.
  ///   - rates: Learning rate of each tensor, as a factor; the same for all by default.
  public init(
    for layers: [NamedTensors],
    weightDecay: Double,
    clip: Double?,
    rates: TensorRates = TensorRates()
  ) {
    self.weightDecay = weightDecay
    self.clip = clip
    self.rates = rates
    firstMoments = layers.map { $0.map { _, tensor in Tensor(shape: tensor.shape) } }
    secondMoments = firstMoments
  }

  /// Updates an adapter in place.
  ///
  /// - Parameters:
  ///   - layers: The adapter, one set a layer.
  ///   - gradients: Gradients of the tensors that are trained, under the same names; others stay.
  ///   - learningRate: Learning rate of this step, at least 0.
  /// - Returns: Norm of the gradient before clipping.
  public mutating func step(
    _ layers: inout [NamedTensors],
    gradients: [NamedTensors],
    learningRate: Double
  ) -> Double {
    let norm = norm(of: gradients)
    let factor = clippingFactor(norm: norm, clip: clip)
    stepCount += 1
    for layer in layers.indices {
      for name in firstMoments[layer].names {
        let step = AdamWStep(
          learningRate: learningRate * rates.factor(of: name),
          weightDecay: weightDecay,
          step: stepCount,
          gradientScale: Float(factor)
        )
        update(name, of: &layers[layer], gradients[layer], layer: layer, by: step)
      }
    }
    return norm
  }

  private mutating func update(
    _ name: String,
    of tensors: inout NamedTensors,
    _ gradients: NamedTensors,
    layer: Int,
    by step: AdamWStep
  ) {
    // Taking each tensor out of its set leaves one owner, so that nothing is copied.
    guard var parameters = tensors.remove(name), let gradient = gradients[name],
      var first = firstMoments[layer].remove(name), var second = secondMoments[layer].remove(name)
    else { preconditionFailure("layer \(layer) has no gradient of \(name)") }
    step.apply(
      to: &parameters,
      gradient: gradient,
      firstMoment: &first,
      secondMoment: &second
    )
    tensors[name] = parameters
    firstMoments[layer][name] = first
    secondMoments[layer][name] = second
  }
}
