import DevFTTensor

/// How adapter numbers travel.
public enum WireFormat: String, CaseIterable, Codable, Sendable {
  /// IEEE 754 binary32: the numbers themselves.
  case f32
  /// The upper half of binary32, rounded to nearest, ties to even.
  case bf16

  /// Bytes of one number.
  public var bytesPerNumber: Int {
    switch self {
    case .f32: 4
    case .bf16: 2
    }
  }

  /// What arrives when a tensor is sent.
  ///
  /// - Parameter tensor: The tensor sent.
  /// - Returns: The tensor received, of the same shape.
  func received(_ tensor: Tensor) -> Tensor {
    switch self {
    case .f32: tensor
    case .bf16: Tensor(shape: tensor.shape, elements: tensor.elements.map(roundedToBF16))
    }
  }
}

/// The nearest number that bf16 holds; infinite and NaN stay so.
private func roundedToBF16(_ number: Float) -> Float {
  guard number.isFinite else { return number }
  let bits = number.bitPattern
  let rounding = 0x7fff + ((bits >> 16) & 1)
  return Float(bitPattern: (bits + rounding) & 0xffff_0000)
}
