public import DevFTTensor

/// A smooth ramp without symmetry: zeros, ones and identities hide mistakes, this does not.
///
/// - Parameters:
///   - shape: Length of each axis.
///   - phase: Shifts the ramp, so that two tensors of one shape differ.
/// - Returns: Numbers between -1 and 1, different from element to element.
public func fixedTensor(shape: [Int], phase: Double = 0) -> Tensor {
  let count = shape.reduce(1, *)
  let elements = (0..<count).map { (index: Int) -> Float in
    let amplitude = 0.5 + Double(index % 7) / 14
    return Float(wave(Double(index) * 0.731 + phase) * amplitude)
  }
  return Tensor(shape: shape, elements: elements)
}

/// A cheap periodic function in `[-1, 1]` that needs no maths library.
private func wave(_ argument: Double) -> Double {
  let turns = argument / 6.283185307179586
  let fraction = turns - turns.rounded(.down)
  let parabola = fraction < 0.5 ? fraction * (0.5 - fraction) : -(fraction - 0.5) * (1 - fraction)
  return parabola * 16
}
