import DevFTTensor

/// Numbers as small integers with one scale a block.
///
/// In each block of 64 numbers `x_i ≈ s · q_i` with `s = bf16(max |x| / m)`, `q_i` the integer nearest
/// to `x_i / s` in `-m ... m`, and `m = 2^(bits - 1) - 1`. The last block of a tensor may be shorter.
struct BlockRounding {
  /// Numbers that share a scale: the scale's 16 bits then cost a quarter of a bit a number.
  static let blockLength = 64

  /// Bits of an integer: 4 or 8.
  let bits: Int

  private var largest: Float { Float((1 << (bits - 1)) - 1) }

  /// Bytes of some numbers: the integers, packed, and two bytes for each scale.
  func byteCount(ofNumbers count: Int) -> Int {
    integerByteCount(count) + 2 * blockCount(count)
  }

  private func integerByteCount(_ count: Int) -> Int { (count * bits + 7) / 8 }
  private func blockCount(_ count: Int) -> Int { (count + Self.blockLength - 1) / Self.blockLength }

  /// What is left of numbers.
  ///
  /// A block with a number that is not finite becomes NaN.
  func rounded(_ numbers: [Float]) -> [Float] {
    unpacked(packed(numbers), count: numbers.count)
  }

  /// Numbers as bytes: first all integers in two's complement, of 4 bits the earlier one in the lower half of
  /// a byte; then the scales, bf16, little-endian.
  func packed(_ numbers: [Float]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount(ofNumbers: numbers.count))
    var place = integerByteCount(numbers.count)
    for start in stride(from: 0, to: numbers.count, by: Self.blockLength) {
      let block = start..<min(start + Self.blockLength, numbers.count)
      let scale = scale(of: numbers[block])
      let half = scale.bitPattern >> 16
      (bytes[place], bytes[place + 1]) = (UInt8(half & 0xff), UInt8(half >> 8))
      place += 2
      // Numbers too small for a scale are none, and where it is none that is finite, all say that.
      guard scale.isFinite, scale != 0 else { continue }
      for i in block {
        let nearest = (numbers[i] / scale).rounded(.toNearestOrEven)
        let integer = UInt8(bitPattern: Int8(min(max(nearest, -largest), largest)))
        if bits == 8 { bytes[i] = integer } else { bytes[i / 2] |= (integer & 0xf) << (i % 2 * 4) }
      }
    }
    return bytes
  }

  /// The numbers that bytes stand for.
  ///
  /// - Precondition: There are `byteCount(ofNumbers: count)` bytes.
  func unpacked(_ bytes: [UInt8], count: Int) -> [Float] {
    precondition(bytes.count == byteCount(ofNumbers: count), "\(bytes.count) bytes of \(count)")
    let scales = integerByteCount(count)
    var numbers = [Float](repeating: 0, count: count)
    for i in 0..<count {
      let place = scales + 2 * (i / Self.blockLength)
      let scale = Float(bitPattern: UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 24)
      let integer =
        bits == 8
        ? Int8(bitPattern: bytes[i]) : Int8(bitPattern: bytes[i / 2] << (4 - i % 2 * 4)) >> 4
      numbers[i] = scale.isFinite ? Float(integer) * scale : .nan
    }
    return numbers
  }

  private func scale(of block: ArraySlice<Float>) -> Float {
    guard block.allSatisfy(\.isFinite) else { return .nan }
    return roundedToBF16(block.reduce(0) { max($0, abs($1)) } / largest)
  }
}
