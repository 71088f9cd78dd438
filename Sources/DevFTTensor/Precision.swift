import COneDNN

/// The number type of the operands of matrix products; sums are always float32.
public enum Precision: String, Codable, CaseIterable, Sendable {
  /// IEEE single precision.
  case float32 = "f32"
  /// bfloat16: float32's exponent with 8 bits of significand, half the memory, twice the speed.
  case bfloat16 = "bf16"
  /// Frozen matrices in int8 with a scale a row, what they are multiplied with rounded to int8 row by
  /// row; adapters and everything else as in bfloat16. Twice bfloat16's speed in frozen products.
  case int8

  /// Whether this CPU and library multiply matrices of this type.
  public var isSupported: Bool {
    switch self {
    case .float32: true
    case .bfloat16: Self.hasBFloat16
    case .int8: Self.hasBFloat16 && Self.hasInt8
    }
  }

  /// The precision itself where it is supported, float32 otherwise.
  public var orFallback: Precision { isSupported ? self : .float32 }

  /// Type of activations, gradients and adapters beside frozen matrices of this precision.
  public var operands: Precision { self == .int8 ? .bfloat16 : self }

  /// Bytes of one number.
  public var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .int8: 1
    }
  }

  private static let hasBFloat16 = devft_has_products(DEVFT_BFLOAT16)
  private static let hasInt8 = devft_has_products(DEVFT_INT8)
}
