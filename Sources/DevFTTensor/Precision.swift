import COneDNN

/// The number type of the operands of matrix products; sums are always float32.
public enum Precision: String, Codable, CaseIterable, Sendable {
  /// IEEE single precision.
  case float32 = "f32"
  /// bfloat16: float32's exponent with 8 bits of significand, half the memory, twice the speed.
  case bfloat16 = "bf16"

  /// Whether this CPU and library multiply matrices of this type.
  public var isSupported: Bool {
    switch self {
    case .float32: true
    case .bfloat16: Self.hasBFloat16
    }
  }

  /// The precision itself where it is supported, float32 otherwise.
  public var orFallback: Precision { isSupported ? self : .float32 }

  /// Bytes of one number.
  public var byteCount: Int { self == .float32 ? 4 : 2 }

  private static let hasBFloat16 = devft_has_bfloat16()
}
