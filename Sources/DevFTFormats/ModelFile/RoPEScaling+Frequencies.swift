#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension RoPEScaling {
  /// The slowed-down frequency, in the float32 arithmetic of the reference.
  ///
  /// - Parameter frequency: Angle per position, in radians.
  /// - Returns: The angle after scaling.
  /// - SeeAlso: `modeling_rope_utils` of transformers.
  package func scaled(_ frequency: Float) -> Float {
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

extension ModelArchitecture {
  /// Angle per position of each pair of a head before any scaling, `[K/2]`: `base^(−2i/K)`.
  package var plainFrequencies: [Float] {
    (0..<headWidth / 2).map { 1 / pow(Float(ropeBase), Float(2 * $0) / Float(headWidth)) }
  }

  /// What a GGUF file keeps of Llama 3's scaling: divisors of the frequencies, `[K/2]`, or `nil`.
  var writtenFrequencyFactors: [Float]? {
    if let ropeFrequencyFactors { return ropeFrequencyFactors }
    guard let ropeScaling, case .llama3 = ropeScaling else { return nil }
    return plainFrequencies.map { $0 / ropeScaling.scaled($0) }
  }

  /// The scaling that divisors from a GGUF file stand for, since `config.json` has no place for them.
  ///
  /// - Returns: `ropeScaling` where there are no divisors; else the rule of Llama 3 with its published
  ///   limits 1 and 4 and the context, a power of two, that gives these divisors; `nil` when none does.
  var scalingOfFactors: RoPEScaling? {
    guard let factors = ropeFrequencyFactors else { return ropeScaling }
    guard let factor = factors.max() else { return nil }
    return (4...20).lazy.map { exponent in
      RoPEScaling.llama3(
        factor: Double(factor.rounded()),
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalContextLength: 1 << exponent
      )
    }.first { rule in
      zip(plainFrequencies, factors).allSatisfy { frequency, expected in
        abs(frequency / rule.scaled(frequency) / expected - 1) < 1e-3
      }
    }
  }
}
