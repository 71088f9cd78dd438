/// Numbers as small integers with one scale a block.
///
/// In each block of 64 numbers `x_i ≈ s · q_i` with `s = bf16(max |x| / m)`, `q_i` the integer nearest
/// to `x_i / s` in `-m ... m`, and `m = 2^(bits - 1) - 1`. The last block of a tensor may be shorter.
struct BlockRounding {
  /// Numbers that share a scale: the scale's 16 bits then cost a quarter of a bit a number.
  static let blockLength = 64

  /// Bits of an integer.
  let bits: Int

  private var largest: Float { Float((1 << (bits - 1)) - 1) }

  /// Bytes of some numbers: the integers, packed, and two bytes for each scale.
  func byteCount(ofNumbers count: Int) -> Int {
    let blocks = (count + Self.blockLength - 1) / Self.blockLength
    return (count * bits + 7) / 8 + 2 * blocks
  }

  /// What is left of numbers.
  ///
  /// A block with a number that is not finite becomes NaN.
  func rounded(_ numbers: [Float]) -> [Float] {
    var result = numbers
    for start in stride(from: 0, to: numbers.count, by: Self.blockLength) {
      let block = start..<min(start + Self.blockLength, numbers.count)
      let scale = scale(of: numbers[block])
      // Numbers too small for a scale are none.
      guard scale != 0 else {
        for i in block { result[i] = 0 }
        continue
      }
      for i in block {
        let nearest = (numbers[i] / scale).rounded(.toNearestOrEven)
        result[i] = nearest.isNaN ? .nan : min(max(nearest, -largest), largest) * scale
      }
    }
    return result
  }

  private func scale(of block: ArraySlice<Float>) -> Float {
    guard block.allSatisfy(\.isFinite) else { return .nan }
    return roundedToBF16(block.reduce(0) { max($0, abs($1)) } / largest)
  }
}
