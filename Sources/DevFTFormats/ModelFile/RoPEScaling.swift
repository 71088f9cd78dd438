/// How rotary frequencies are lowered for contexts longer than those trained first.
public enum RoPEScaling: Codable, Equatable, Sendable {
  /// Every frequency divided by a factor.
  case linear(factor: Double)
  /// The rule of Llama 3.1: low frequencies divided by a factor, high ones kept, those between
  /// interpolated.
  ///
  /// A frequency is high when its wavelength is below `originalContextLength / highFrequencyFactor`
  /// and low when it is above `originalContextLength / lowFrequencyFactor`.
  case llama3(
    factor: Double,
    lowFrequencyFactor: Double,
    highFrequencyFactor: Double,
    originalContextLength: Int
  )
}
