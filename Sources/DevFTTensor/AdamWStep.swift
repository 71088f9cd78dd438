import CDevFTKernels

/// Constants of one AdamW update.
///
/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
/// `θ ← θ (1 − η λ) − η m̂ / (√v̂ + ε)`, with the moments corrected for their start at zero.
/// - SeeAlso: Loshchilov and Hutter, 2019, <https://arxiv.org/abs/1711.05101>, algorithm 2.
public struct AdamWStep: Sendable {
  /// Learning rate `η`, at least 0.
  public var learningRate: Double
  /// Decay `β₁` of the first moment, in `[0, 1)`.
  public var beta1 = 0.9
  /// Decay `β₂` of the second moment, in `[0, 1)`.
  public var beta2 = 0.999
  /// Term `ε` that keeps the division finite.
  public var epsilon = 1e-8
  /// Weight decay `λ`, at least 0.
  public var weightDecay: Double
  /// Number of this step, from 1.
  public var step: Int
  /// Factor on the gradient before use, from clipping.
  public var gradientScale: Float

  /// Sets what differs from step to step.
  ///
  /// - Parameters:
  ///   - learningRate: Learning rate, at least 0.
  ///   - weightDecay: Weight decay, at least 0.
  ///   - step: Number of this step, from 1.
  ///   - gradientScale: Factor on the gradient.
  public init(learningRate: Double, weightDecay: Double, step: Int, gradientScale: Float) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.step = step
    self.gradientScale = gradientScale
  }

  /// Updates parameters and moments in place.
  ///
  /// - Parameters:
  ///   - parameters: Parameters; overwritten.
  ///   - gradient: Their gradient, of the same count.
  ///   - firstMoment: First moment; overwritten.
  ///   - secondMoment: Second moment; overwritten.
  public func apply(
    to parameters: inout Tensor,
    gradient: Tensor,
    firstMoment: inout Tensor,
    secondMoment: inout Tensor
  ) {
    let count = parameters.count
    precondition(
      gradient.count == count && firstMoment.count == count && secondMoment.count == count,
      "gradient \(gradient.shape) for parameters \(parameters.shape)"
    )
    let constants = constants
    unsafe parameters.withMutablePointer { parameters in
      unsafe firstMoment.withMutablePointer { first in
        unsafe secondMoment.withMutablePointer { second in
          unsafe withPointers(to: [gradient]) { inputs in
            parallelBlocks(of: count, block: 1 << 15) { block in
              let start = block.lowerBound
              // SAFETY: all four buffers hold `count` numbers, and blocks do not overlap.
              unsafe devft_adamw(
                [constants],
                parameters + start,
                inputs[0] + start,
                first + start,
                second + start,
                block.count
              )
            }
          }
        }
      }
    }
  }

  private var constants: devft_adamw_step {
    var (power1, power2) = (1.0, 1.0)
    for _ in 0..<step { (power1, power2) = (power1 * beta1, power2 * beta2) }
    return devft_adamw_step(
      learning_rate: Float(learningRate),
      beta1: Float(beta1),
      beta2: Float(beta2),
      complement1: Float(1 - beta1),
      complement2: Float(1 - beta2),
      epsilon: Float(epsilon),
      weight_decay: Float(weightDecay),
      correction1: Float(1 - power1),
      correction2: Float(1 - power2),
      grad_scale: gradientScale
    )
  }
}
