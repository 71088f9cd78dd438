import DevFTFormats
import Foundation

/// The naive twin of the dequantisation kernels: one number at a time, from the definitions.
enum ReferenceDequantiser {
  /// One number of a tensor.
  ///
  /// - Parameters:
  ///   - index: Position of the number.
  ///   - type: How the tensor is stored.
  ///   - bytes: The tensor.
  /// - Returns: The number.
  static func element(_ index: Int, _ type: StorageType, _ bytes: [UInt8]) -> Float {
    let (block, i) = index.quotientAndRemainder(dividingBy: type.blockLength)
    let start = block * type.blockByteCount
    func byte(_ offset: Int) -> Int { Int(bytes[start + offset]) }
    func signed(_ offset: Int) -> Float { Float(Int8(bitPattern: bytes[start + offset])) }
    func half(_ offset: Int) -> Float { Self.half(byte(offset) | byte(offset + 1) << 8) }
    /// Number `i` of a block of 32 in 4 bits: low halves of 16 bytes, then their high halves.
    func nibble(_ offset: Int) -> Int { byte(offset + i % 16) >> (i / 16 * 4) & 15 }
    func fifth(_ offset: Int) -> Int { (byte(offset + i / 8) >> (i % 8) & 1) * 16 }
    switch type {
    case .f32:
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(byte($1)) << (8 * UInt32($1)) }
      return Float(bitPattern: bits)
    case .f16: return half(0)
    case .bf16: return Float(bitPattern: UInt32(byte(0)) << 16 | UInt32(byte(1)) << 24)
    case .q8_0: return half(0) * signed(2 + i)
    case .q4_0: return half(0) * Float(nibble(2) - 8)
    case .q4_1: return half(0) * Float(nibble(4)) + half(2)
    case .q5_0: return half(0) * Float(nibble(6) + fifth(2) - 16)
    case .q5_1: return half(0) * Float(nibble(8) + fifth(4)) + half(2)
    case .q4_K:
      let (scale, minimum) = scales4K(group: i / 32) { byte(4 + $0) }
      let quant = byte(16 + i / 64 * 32 + i % 32) >> (i / 32 % 2 * 4) & 15
      return half(0) * Float(scale) * Float(quant) - half(2) * Float(minimum)
    case .q6_K:
      let (part, within) = (i / 128, i % 128)
      let low = byte(part * 64 + within % 64) >> (within / 64 * 4) & 15
      let high = byte(128 + part * 32 + within % 32) >> (within / 32 * 2) & 3
      return half(208) * signed(192 + i / 16) * Float(low + high * 16 - 32)
    }
  }

  /// Scale and minimum of a group of 32, 6 bits each, packed in 12 bytes.
  private static func scales4K(group: Int, _ byte: (Int) -> Int) -> (scale: Int, minimum: Int) {
    guard group >= 4 else { return (byte(group) % 64, byte(group + 4) % 64) }
    let (low, scaleHigh, minimumHigh) = (byte(group + 4), byte(group - 4) / 64, byte(group) / 64)
    return (low % 16 + 16 * scaleHigh, low / 16 + 16 * minimumHigh)
  }

  /// A half-precision number from its definition.
  private static func half(_ bits: Int) -> Float {
    let (exponent, fraction) = (bits >> 10 & 31, Float(bits & 1023))
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction / 1024)
        * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
