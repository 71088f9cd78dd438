package import DevFTTensor

/// How adapter numbers travel.
public enum WireFormat: String, CaseIterable, Codable, Sendable {
  /// IEEE 754 binary32: the numbers themselves.
  case f32
  /// The upper half of binary32, rounded to nearest, ties to even.
  case bf16
  /// 8 bits a number, of its difference from what the other side holds: see ``BlockRounding``.
  case int8
  /// 4 bits a number, of the same difference.
  case int4

  /// Whether differences travel, so that both sides must hold what they are taken from.
  public var isDifference: Bool { rounding != nil }

  /// Bytes of one tensor.
  ///
  /// - Parameter count: Its numbers.
  /// - Returns: Bytes on the wire, scales included.
  public func byteCount(ofNumbers count: Int) -> Int {
    switch self {
    case .f32: 4 * count
    case .bf16: 2 * count
    case .int8, .int4: rounding?.byteCount(ofNumbers: count) ?? 0
    }
  }

  /// What arrives when a tensor is sent.
  ///
  /// - Parameters:
  ///   - tensor: The tensor sent.
  ///   - reference: What the other side holds in its place; zeros if `nil` or of another shape. Only a
  ///     format of differences looks at it.
  /// - Returns: The tensor received, of the same shape.
  func received(_ tensor: Tensor, against reference: Tensor? = nil) -> Tensor {
    switch self {
    case .f32: return tensor
    case .bf16: return Tensor(shape: tensor.shape, elements: tensor.elements.map(roundedToBF16))
    case .int8, .int4:
      return unpacked(packed(tensor, against: reference), shape: tensor.shape, against: reference)
    }
  }

  /// A tensor as the bytes in which its difference travels.
  ///
  /// - Parameters:
  ///   - tensor: The tensor sent.
  ///   - reference: What the other side holds in its place; zeros if `nil` or of another shape.
  /// - Returns: `byteCount(ofNumbers:)` bytes: integers, then scales, see ``BlockRounding``.
  /// - Precondition: The format is one of differences.
  package func packed(_ tensor: Tensor, against reference: Tensor?) -> [UInt8] {
    guard let rounding else { preconditionFailure("\(self) sends no differences") }
    guard let reference, reference.shape == tensor.shape else {
      return rounding.packed(tensor.elements)
    }
    return rounding.packed(zip(tensor.elements, reference.elements).map { $0 - $1 })
  }

  /// The tensor that arrives as the bytes of a difference.
  ///
  /// - Parameters:
  ///   - bytes: What `packed(_:against:)` has made.
  ///   - shape: The tensor's shape.
  ///   - reference: As when it was packed.
  /// - Returns: The tensor.
  /// - Precondition: The format is one of differences, and the bytes are as many as the shape needs.
  package func unpacked(_ bytes: [UInt8], shape: [Int], against reference: Tensor?) -> Tensor {
    guard let rounding else { preconditionFailure("\(self) sends no differences") }
    let difference = rounding.unpacked(bytes, count: shape.reduce(1, *))
    guard let reference, reference.shape == shape else {
      return Tensor(shape: shape, elements: difference)
    }
    return Tensor(shape: shape, elements: zip(reference.elements, difference).map { $0 + $1 })
  }

  private var rounding: BlockRounding? {
    switch self {
    case .f32, .bf16: nil
    case .int8: BlockRounding(bits: 8)
    case .int4: BlockRounding(bits: 4)
    }
  }
}

/// The nearest number that bf16 holds; infinite and NaN stay so.
package func roundedToBF16(_ number: Float) -> Float {
  guard number.isFinite else { return number }
  let bits = number.bitPattern
  let rounding = 0x7fff + ((bits >> 16) & 1)
  return Float(bitPattern: (bits + rounding) & 0xffff_0000)
}
