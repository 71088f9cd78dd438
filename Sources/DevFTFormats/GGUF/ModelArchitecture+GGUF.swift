import DevFTTensor

extension ModelArchitecture {
  /// Reads an architecture from a GGUF file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - path: Its path, for messages.
  /// - Throws: `FormatError`.
  init(_ file: GGUFFile, path: String) throws {
    let keys = try GGUFModelKeys(file.metadata, path: path)
    guard ["llama", "qwen2"].contains(keys.architecture) else {
      throw FormatError(
        .unsupported,
        path: path,
        "general.architecture is \(keys.architecture), expected llama or qwen2"
      )
    }
    guard let embedding = file.tensorInfo("token_embd.weight"), embedding.shape.count == 2 else {
      throw FormatError(.missing, path: path, "there is no matrix token_embd.weight")
    }
    let width = try keys.requiredSize("embedding_length")
    let headCount = try keys.requiredSize("attention.head_count")
    let headWidth = try keys.size("attention.key_length") ?? width / headCount
    self.init(
      family: keys.architecture,
      vocabularySize: embedding.shape[0],
      width: width,
      layerCount: try keys.requiredSize("block_count"),
      headCount: headCount,
      keyValueHeadCount: try keys.size("attention.head_count_kv") ?? headCount,
      headWidth: headWidth,
      feedForwardWidth: try keys.requiredSize("feed_forward_length"),
      ropeBase: try keys.positive("rope.freq_base") ?? 10000,
      ropeScaling: try ModelArchitecture.ropeScaling(keys),
      normEpsilon: try keys.positive("attention.layer_norm_rms_epsilon") ?? 1e-5,
      tiesEmbeddings: file.tensorInfo("output.weight") == nil,
      hasAttentionBias: file.tensorInfo("blk.0.attn_q.bias") != nil,
      contextLength: try keys.requiredSize("context_length")
    )
    try checkHeads(path: path)
    try refuseOtherFeatures(keys)
    ropeFrequencyFactors = try frequencyFactors(file, path: path)
  }

  private static func ropeScaling(_ keys: GGUFModelKeys) throws -> RoPEScaling? {
    let kind = keys.text("rope.scaling.type") ?? "linear"
    guard ["none", "linear"].contains(kind) else {
      throw keys.refusal("rope.scaling.type", kind)
    }
    let factor = try keys.positive("rope.scaling.factor") ?? keys.positive("rope.scale_linear")
    guard kind == "linear", let factor, factor != 1 else { return nil }
    return .linear(factor: factor)
  }

  private func refuseOtherFeatures(_ keys: GGUFModelKeys) throws {
    for (key, only) in [
      ("attention.value_length", headWidth), ("rope.dimension_count", headWidth),
      ("expert_count", 0),
    ] {
      if let value = try keys.size(key), value != only { throw keys.refusal(key, "\(value)") }
    }
    let window = try keys.size("attention.sliding_window") ?? 0
    guard window == 0 || window >= contextLength else {
      throw keys.refusal("attention.sliding_window", "\(window)")
    }
    if let scale = try keys.positive("attention.scale") {
      throw keys.refusal("attention.scale", "\(scale)")
    }
  }

  private func frequencyFactors(_ file: GGUFFile, path: String) throws -> [Float]? {
    let name = "rope_freqs.weight"
    guard file.tensorInfo(name) != nil else { return nil }
    let factors = try file.tensor(named: name).elements
    guard factors.count == headWidth / 2, factors.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw FormatError(
        .malformed,
        path: path,
        "tensor \(name) holds \(factors.count) numbers, expected \(headWidth / 2) above 0"
      )
    }
    return factors
  }
}
