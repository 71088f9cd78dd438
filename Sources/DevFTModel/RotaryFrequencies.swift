import DevFTFormats

extension ModelArchitecture {
  /// Angle per position of each pair of a head, `[K/2]`, in radians.
  ///
  /// `base^(−2i/K)`, slowed down as the model's scaling says: by one factor (linear), or by how the
  /// wavelength compares with the original context (Llama 3).
  /// - SeeAlso: Su et al., 2021, <https://arxiv.org/abs/2104.09864>; the Llama 3 rule as in
  ///   transformers' `modeling_rope_utils`.
  var rotaryFrequencies: [Double] {
    plainFrequencies.enumerated().map { pair, frequency in
      if let factors = ropeFrequencyFactors { return Double(frequency / factors[pair]) }
      return Double(ropeScaling?.scaled(frequency) ?? frequency)
    }
  }
}
