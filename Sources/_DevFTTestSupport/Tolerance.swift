/// How far a result may lie from its reference.
///
/// A difference is allowed up to `relative · |expected| + ofLargest · max |expected| + absolute`: the
/// first part is for numbers computed one by one, the second for sums whose terms may cancel, the
/// third for numbers near 0.
public struct Tolerance: Sendable {
  /// Part of the expected number's own magnitude, at least 0.
  public var relative: Double
  /// Part of the largest expected magnitude of the whole tensor, at least 0.
  public var ofLargest: Double
  /// Difference that is always allowed, at least 0.
  public var absolute: Double

  /// States a tolerance.
  ///
  /// - Parameters:
  ///   - relative: Part of the expected number's own magnitude, at least 0.
  ///   - ofLargest: Part of the largest expected magnitude of the tensor, at least 0.
  ///   - absolute: Difference that is always allowed, at least 0.
  public init(relative: Double = 0, ofLargest: Double = 0, absolute: Double = 0) {
    self.relative = relative
    self.ofLargest = ofLargest
    self.absolute = absolute
  }
}

/// The table: one line an operation, with its reason. Loosening one is a reviewed change.
extension Tolerance {
  /// Copies, orders, roundings to bfloat16: nothing is computed.
  public static let exact = Tolerance()

  /// A few float32 operations a number, each rounding by at most 6e-8 of the number.
  public static let elementwise = Tolerance(relative: 1e-6)

  /// Exact sums of int8 numbers times two scales.
  ///
  /// A number half way between two may go to either, which is 1/127 of the other operand's number, at
  /// most 1 here; a few such numbers may meet.
  public static let int8Product = Tolerance(relative: 1e-5, absolute: 4.0 / 127)

  /// Sums of two products that may cancel, such as rotations and optimizer steps.
  public static let pairs = Tolerance(relative: 1e-6, ofLargest: 2e-7)

  /// Sums in double precision: only the operands' own float32 roundings could differ, and do not.
  public static let doubleSum = Tolerance(relative: 1e-12)

  /// SwiGLU: an exponential good to 2 units in the last place, a division and two products.
  ///
  /// Far below the largest number of a tensor, `exp` is only as good as its clamp at -87.
  public static let swiGLU = Tolerance(relative: 5e-7, ofLargest: 1e-9)

  /// SwiGLU and its gradient of one number: absolute near 0, where `exp(-gate)` leaves float32.
  public static let swiGLUExtreme = Tolerance(relative: 1e-5, absolute: 1e-35)

  /// SwiGLU's gradient holds `sigmoid + silu (1 - sigmoid)`, which cancels near its root at -1.28.
  public static let swiGLUGradient = Tolerance(relative: 2e-6, ofLargest: 5e-7)

  /// A mean square over at most some thousand numbers in 16 lanes, then elementwise.
  public static let rmsNorm = Tolerance(relative: 2e-6, ofLargest: 2e-7)

  /// As the norm, with a projection that is taken off and may cancel.
  public static let rmsNormGradient = Tolerance(relative: 2e-6, ofLargest: 1e-6)

  /// Attention: scores over the head width, exponentials of them, and a sum over the keys.
  public static let attention = Tolerance(relative: 2e-6, ofLargest: 2e-6)

  /// Attention's gradients: as forward, with `P (dP - sum P dP)`, which cancels.
  public static let attentionGradient = Tolerance(relative: 2e-6, ofLargest: 5e-6)

  /// A logarithm of up to 50,000 exponentials summed in 16 lanes: absolute, of a loss near 10 nats.
  public static let crossEntropy = Tolerance(relative: 2e-6, ofLargest: 1e-6)

  /// Central differences in double precision with steps of 1e-5: truncation and rounding near 1e-9,
  /// so that what remains is the float32 gradient's own error.
  public static let centralDifferences = Tolerance(relative: 1e-5, ofLargest: 5e-6)

  /// A product over `inner` terms in float32, whatever the order of additions.
  ///
  /// Errors of the additions behave like a random walk: `√inner` units. The operands of bfloat16
  /// products are rounded before both computations, and their products are exact in float32.
  ///
  /// - Parameter inner: Number of terms, at least 1.
  /// - Returns: The tolerance.
  public static func product(inner: Int) -> Tolerance {
    Tolerance(ofLargest: 1e-6 * Double(inner).squareRoot())
  }
}
