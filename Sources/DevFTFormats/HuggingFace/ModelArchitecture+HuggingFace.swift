extension ModelArchitecture {
  private static let families = [
    "LlamaForCausalLM": "llama", "MistralForCausalLM": "mistral", "Qwen2ForCausalLM": "qwen2",
  ]

  /// Reads an architecture from a `config.json`.
  ///
  /// - Parameters:
  ///   - configuration: Its keys.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`.
  init(_ configuration: HuggingFaceConfiguration, path: String) throws(FormatError) {
    let family = try ModelArchitecture.family(configuration, path: path)
    try ModelArchitecture.checkSizes(configuration, path: path)
    let rope = configuration.rope_parameters ?? configuration.rope_scaling
    self.init(
      family: family,
      vocabularySize: configuration.vocab_size,
      width: configuration.hidden_size,
      layerCount: configuration.num_hidden_layers,
      headCount: configuration.num_attention_heads,
      keyValueHeadCount: configuration.num_key_value_heads ?? configuration.num_attention_heads,
      headWidth: configuration.head_dim
        ?? configuration.hidden_size / configuration.num_attention_heads,
      feedForwardWidth: configuration.intermediate_size,
      ropeBase: rope?.rope_theta ?? configuration.rope_theta ?? 10000,
      ropeScaling: try rope.flatMap { rope throws(FormatError) in try rope.scaling(path: path) },
      normEpsilon: configuration.rms_norm_eps ?? 1e-6,
      tiesEmbeddings: configuration.tie_word_embeddings ?? false,
      hasAttentionBias: family == "qwen2" || configuration.attention_bias ?? false,
      contextLength: configuration.max_position_embeddings
    )
    try checkHeads(path: path)
    try checkNumbers(path: path)
    try refuseOtherFeatures(configuration, path: path)
  }

  private static func family(
    _ configuration: HuggingFaceConfiguration,
    path: String
  ) throws(FormatError) -> String {
    let name = configuration.architectures?.first
    let family = name.map { families[$0] } ?? configuration.model_type
    guard let family, families.values.contains(family) else {
      throw FormatError(
        .unsupported,
        path: path,
        "architectures is \(name ?? configuration.model_type ?? "missing"), "
          + "expected one of "
          + (families.keys.sorted() + EncoderConfiguration.known).joined(separator: ", ")
      )
    }
    return family
  }

  /// Refuses sizes with which products could overflow.
  private static func checkSizes(
    _ configuration: HuggingFaceConfiguration,
    path: String
  ) throws(FormatError) {
    let sizes: [(String, Int?)] = [
      ("vocab_size", configuration.vocab_size), ("hidden_size", configuration.hidden_size),
      ("intermediate_size", configuration.intermediate_size),
      ("num_hidden_layers", configuration.num_hidden_layers),
      ("num_attention_heads", configuration.num_attention_heads),
      ("num_key_value_heads", configuration.num_key_value_heads),
      ("head_dim", configuration.head_dim),
      ("max_position_embeddings", configuration.max_position_embeddings),
    ]
    for (key, size) in sizes {
      guard let size else { continue }
      guard 1...Int(Int32.max) ~= size else {
        throw FormatError(.malformed, path: path, "\(key) is \(size), expected 1 to \(Int32.max)")
      }
    }
  }

  private func checkNumbers(path: String) throws(FormatError) {
    for (key, number) in [("rope_theta", ropeBase), ("rms_norm_eps", normEpsilon)]
    where !(number > 0 && number.isFinite) {
      throw FormatError(.malformed, path: path, "\(key) is \(number), expected a positive number")
    }
  }

  private func refuseOtherFeatures(
    _ configuration: HuggingFaceConfiguration,
    path: String
  ) throws(FormatError) {
    func refuse(_ key: String, _ value: String) -> FormatError {
      FormatError(.unsupported, path: path, "\(key) is \(value), which is not supported")
    }
    if let activation = configuration.hidden_act, activation != "silu" {
      throw refuse("hidden_act", activation)
    }
    if let quantisation = configuration.quantization_config {
      throw refuse("quantization_config", quantisation.quant_method ?? "set")
    }
    if configuration.mlp_bias == true { throw refuse("mlp_bias", "true") }
    let share =
      configuration.rope_parameters?.partial_rotary_factor ?? configuration.partial_rotary_factor
    if let share, share != 1 { throw refuse("partial_rotary_factor", "\(share)") }
    if let window = slidingWindow(configuration), window < contextLength {
      throw refuse("sliding_window", "\(window), below max_position_embeddings \(contextLength)")
    }
  }

  /// The attention window, or `nil` when no layer has one.
  private func slidingWindow(_ configuration: HuggingFaceConfiguration) -> Int? {
    if let types = configuration.layer_types, !types.contains("sliding_attention") { return nil }
    guard family == "qwen2" else { return family == "mistral" ? configuration.sliding_window : nil }
    guard configuration.use_sliding_window == true else { return nil }
    return configuration.max_window_layers ?? 0 < layerCount ? configuration.sliding_window : nil
  }
}

extension HuggingFaceConfiguration.RoPE {
  /// How frequencies are lowered, or `nil` when they are not.
  ///
  /// - Parameter path: The file, for messages.
  /// - Returns: The rule.
  /// - Throws: `FormatError`.
  fileprivate func scaling(path: String) throws(FormatError) -> RoPEScaling? {
    func positive(_ key: String, _ number: Double?) throws(FormatError) -> Double {
      guard let number, number > 0, number.isFinite else {
        throw FormatError(.malformed, path: path, "\(key) of the rotary scaling is not above 0")
      }
      return number
    }
    switch rope_type ?? type ?? "default" {
    case "default": return nil
    case "linear": return .linear(factor: try positive("factor", factor))
    case "llama3":
      let low = try positive("low_freq_factor", low_freq_factor)
      let high = try positive("high_freq_factor", high_freq_factor)
      let length = original_max_position_embeddings ?? 0
      guard low < high, length >= 1 else {
        throw FormatError(
          .malformed,
          path: path,
          "the rotary scaling llama3 has low_freq_factor \(low), high_freq_factor \(high) and "
            + "original_max_position_embeddings \(length)"
        )
      }
      return .llama3(
        factor: try positive("factor", factor),
        lowFrequencyFactor: low,
        highFrequencyFactor: high,
        originalContextLength: length
      )
    case let kind:
      throw FormatError(
        .unsupported,
        path: path,
        "rope_type is \(kind), expected default, linear or llama3"
      )
    }
  }
}
