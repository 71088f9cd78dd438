import DevFTFormats

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension ModelArchitecture {
  /// Angle per position of each pair of a head, `[K/2]`, in radians.
  ///
  /// `base^(−2i/K)`, slowed down as the model's scaling says: by one factor (linear), or by how the
  /// wavelength compares with the original context (Llama 3).
  /// - SeeAlso: Su et al., 2021, <https://arxiv.org/abs/2104.09864>; the Llama 3 rule as in
  ///   transformers' `modeling_rope_utils`.
  var rotaryFrequencies: [Double] {
    let pairs = headWidth / 2
    return (0..<pairs).map { pair in
      let exponent = Float(2 * pair) / Float(headWidth)
      let frequency = 1 / pow(Float(ropeBase), exponent)
      if let factors = ropeFrequencyFactors { return Double(frequency / factors[pair]) }
      return Double(ropeScaling?.scaled(frequency) ?? frequency)
    }
  }
}

extension RoPEScaling {
  /// The slowed-down frequency, in the float32 arithmetic of the reference.
  fileprivate func scaled(_ frequency: Float) -> Float {
    switch self {
    case .linear(let factor):
      return frequency / Float(factor)
    case .llama3(let factor, let low, let high, let originalContextLength):
      let wavelength = 2 * Float.pi / frequency
      let turns = Float(originalContextLength) / wavelength
      if turns < Float(low) { return frequency / Float(factor) }
      if turns > Float(high) { return frequency }
      let smooth = (turns - Float(low)) / Float(high - low)
      return (1 - smooth) * frequency / Float(factor) + smooth * frequency
    }
  }
}
