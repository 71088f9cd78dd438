/// Learning rates of an adapter's tensors, as factors on that of the step.
///
/// `η_A = η`, `η_B = λ η`: B starts at zero and A does not, so steps of one size for both change the
/// product far less than they could.
/// - SeeAlso: Hayou et al., LoRA+, 2024, <https://arxiv.org/abs/2402.12354>.
public struct TensorRates: Hashable, Sendable {
  /// `λ`, learning rate of B over that of A, above 0.
  public var ratioOfB: Double

  /// Chooses the rates.
  ///
  /// - Parameter ratioOfB: Learning rate of B over that of A, above 0; 1 by default.
  public init(ratioOfB: Double = 1) { self.ratioOfB = ratioOfB }

  /// The factor of a tensor.
  ///
  /// - Parameter tensorName: Its name in its layer.
  /// - Returns: `ratioOfB` for a factor B, 1 for every other tensor.
  func factor(of tensorName: String) -> Double {
    tensorName.hasSuffix("lora_B.weight") ? ratioOfB : 1
  }
}
