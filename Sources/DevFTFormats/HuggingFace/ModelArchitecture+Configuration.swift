extension ModelArchitecture {
  private static let classes = [
    "llama": "LlamaForCausalLM", "mistral": "MistralForCausalLM", "qwen2": "Qwen2ForCausalLM",
  ]

  /// The contents of a `config.json` for this model.
  ///
  /// - Parameters:
  ///   - tokenizer: Gives the identifiers of special tokens.
  ///   - path: The model, for messages.
  /// - Returns: A JSON object, without the type of the numbers.
  /// - Throws: `FormatError` with code `unsupported` when its rotary frequencies cannot be stated.
  func configuration(tokenizer: Tokenizer, path: String) throws(FormatError) -> JSONValue {
    var json: JSONValue = [
      "architectures": [.string(Self.classes[family] ?? "")],
      "model_type": .string(family),
      "vocab_size": .optional(vocabularySize),
      "hidden_size": .optional(width),
      "intermediate_size": .optional(feedForwardWidth),
      "num_hidden_layers": .optional(layerCount),
      "num_attention_heads": .optional(headCount),
      "num_key_value_heads": .optional(keyValueHeadCount),
      "head_dim": .optional(headWidth),
      "max_position_embeddings": .optional(contextLength),
      "rms_norm_eps": .real(normEpsilon),
      "hidden_act": "silu",
      "rope_theta": .real(ropeBase),
      "rope_scaling": try scaling(path: path),
      "tie_word_embeddings": .boolean(tiesEmbeddings),
      "bos_token_id": .optional(tokenizer.bosID),
      "eos_token_id": .optional(tokenizer.eosID),
      "pad_token_id": .optional(tokenizer.padID),
      "use_cache": true,
    ]
    if family == "llama" {
      json.set("attention_bias", .boolean(hasAttentionBias))
      json.set("mlp_bias", false)
    }
    if family == "qwen2" { json.set("use_sliding_window", false) }
    if family == "mistral" { json.set("sliding_window", .null) }
    return json
  }

  private func scaling(path: String) throws(FormatError) -> JSONValue {
    switch scalingOfFactors {
    case .linear(let factor)?: return ["rope_type": "linear", "factor": .real(factor)]
    case .llama3(let factor, let low, let high, let length)?:
      return [
        "rope_type": "llama3", "factor": .real(factor), "low_freq_factor": .real(low),
        "high_freq_factor": .real(high), "original_max_position_embeddings": .optional(length),
      ]
    case nil where ropeFrequencyFactors == nil: return .null
    case nil:
      throw FormatError(
        .unsupported,
        path: path,
        "the divisors in rope_freqs.weight follow none of the rules that config.json can state"
      )
    }
  }
}
