import DevFTTensor

/// Whether this CPU has products of a precision; says so once when it has not.
func isAvailable(_ precision: Precision) -> Bool {
  if precision.isSupported { return true }
  _ = note
  return false
}

private let note: Void = print("skipped: this CPU has no products of bfloat16 matrices")

extension Precision {
  /// Those that both operands of a product may have.
  static let operandTypes: [Precision] = [.float32, .bfloat16]
}
