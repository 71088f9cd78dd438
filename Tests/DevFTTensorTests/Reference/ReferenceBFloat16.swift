/// Bits of the bfloat16 number nearest to a float32 number; of two, the one with an even last bit.
///
/// Works on values, not on bits: it picks among the two neighbours by their distance.
func referenceBFloat16(_ number: Float) -> UInt16 {
  let below = UInt16(truncatingIfNeeded: number.bitPattern >> 16)
  if number.isNaN { return below | 0x40 }
  let exact = widened(below)
  if exact == number || number.isInfinite { return below }
  let above = below + 1  // the next number away from 0; after the largest comes infinity
  let (near, far) = (abs(Double(number) - exact64(below)), abs(exact64(above) - Double(number)))
  if near != far { return near < far ? below : above }
  return below % 2 == 0 ? below : above
}

/// The float32 value of bfloat16 bits.
func widened(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

/// The value of bfloat16 bits, where infinity counts as the power of two that it stands for.
private func exact64(_ bits: UInt16) -> Double {
  let value = widened(bits)
  return value.isInfinite ? (value < 0 ? -0x1p128 : 0x1p128) : Double(value)
}
