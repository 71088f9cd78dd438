extension ModelArchitecture {
  /// Reads an encoder's architecture from a `config.json`.
  ///
  /// - Parameters:
  ///   - configuration: Its keys.
  ///   - family: The family.
  ///   - headLabelCount: Classes of the head in the file; `nil` when it has none.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`.
  init(
    _ configuration: EncoderConfiguration,
    family: EncoderFamily,
    headLabelCount: Int?,
    path: String
  ) throws(FormatError) {
    try Self.checkSizes(configuration, path: path)
    try Self.refuseOtherFeatures(configuration, path: path)
    let first = family == .roberta ? (configuration.pad_token_id ?? 1) + 1 : 0
    guard first >= 0, first < configuration.max_position_embeddings else {
      throw FormatError(
        .malformed,
        path: path,
        "max_position_embeddings is \(configuration.max_position_embeddings), "
          + "expected more than pad_token_id + 1, which is \(first)"
      )
    }
    let labels = try configuration.labels(path: path)
    if let headLabelCount, !labels.isEmpty, labels.count != headLabelCount {
      throw FormatError(
        .malformed,
        path: path,
        "id2label names \(labels.count) classes, the head has \(headLabelCount)"
      )
    }
    self.init(
      family: family.rawValue,
      vocabularySize: configuration.vocab_size,
      width: configuration.hidden_size,
      layerCount: configuration.num_hidden_layers,
      headCount: configuration.num_attention_heads,
      keyValueHeadCount: configuration.num_attention_heads,
      headWidth: configuration.hidden_size / configuration.num_attention_heads,
      feedForwardWidth: configuration.intermediate_size,
      // Encoders look positions up in a table; nothing rotates.
      ropeBase: 1,
      normEpsilon: configuration.layer_norm_eps ?? 1e-12,
      tiesEmbeddings: true,
      hasAttentionBias: true,
      contextLength: configuration.max_position_embeddings - first
    )
    encoder = EncoderArchitecture(
      family: family,
      positionCount: configuration.max_position_embeddings,
      firstPosition: first,
      typeCount: configuration.type_vocab_size ?? 2,
      labels: labels,
      headLabelCount: headLabelCount
    )
  }

  private static func checkSizes(
    _ configuration: EncoderConfiguration,
    path: String
  ) throws(FormatError) {
    for (key, size) in [
      ("vocab_size", configuration.vocab_size), ("hidden_size", configuration.hidden_size),
      ("intermediate_size", configuration.intermediate_size),
      ("num_hidden_layers", configuration.num_hidden_layers),
      ("num_attention_heads", configuration.num_attention_heads),
      ("max_position_embeddings", configuration.max_position_embeddings),
      ("type_vocab_size", configuration.type_vocab_size ?? 2),
    ] {
      guard 1...Int(Int32.max) ~= size else {
        throw FormatError(.malformed, path: path, "\(key) is \(size), expected 1 to \(Int32.max)")
      }
    }
    guard configuration.hidden_size % configuration.num_attention_heads == 0 else {
      throw FormatError(
        .malformed,
        path: path,
        "hidden_size \(configuration.hidden_size) is no multiple of num_attention_heads "
          + "\(configuration.num_attention_heads)"
      )
    }
    let epsilon = configuration.layer_norm_eps ?? 1e-12
    guard epsilon > 0, epsilon.isFinite else {
      throw FormatError(
        .malformed,
        path: path,
        "layer_norm_eps is \(epsilon), expected a positive number"
      )
    }
  }

  private static func refuseOtherFeatures(
    _ configuration: EncoderConfiguration,
    path: String
  ) throws(FormatError) {
    let wanted: [(key: String, value: String?, expected: String)] = [
      ("hidden_act", configuration.hidden_act, "gelu"),
      ("position_embedding_type", configuration.position_embedding_type, "absolute"),
      ("problem_type", configuration.problem_type, "single_label_classification"),
      ("is_decoder", configuration.is_decoder.map { "\($0)" }, "false"),
    ]
    for (key, value, expected) in wanted where value != nil && value != expected {
      throw FormatError(
        .unsupported,
        path: path,
        "\(key) is \(value ?? ""), expected \(expected)"
      )
    }
  }
}
