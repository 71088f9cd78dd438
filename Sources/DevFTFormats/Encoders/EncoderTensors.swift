/// The tensors of an encoder's files by the names that a model file gives them.
///
/// Checkpoints spell one tensor in several ways: with the family before it or without, and the norms of
/// older ones as `gamma` and `beta`.
struct EncoderTensors: Sendable {
  private let family: EncoderFamily
  private let shards: SafetensorsShards

  /// Wraps the files of a directory.
  init(_ shards: SafetensorsShards, family: EncoderFamily) {
    self.shards = shards
    self.family = family
  }

  /// Classes of the head in the files; `nil` when they have none.
  var headLabelCount: Int? {
    let name = "\(family.headOutput).weight"
    return shards[name]?.tensorInfo(name)?.shape.first
  }

  /// Names of the tensors that a classifier has a place for; the heads of pre-training have none.
  var names: [String] {
    shards.names.filter { name in
      !["cls.", "lm_head.", "\(family.rawValue).pooler.", "pooler."].contains {
        name.hasPrefix($0)
      }
    }
  }

  /// Name in the files of a tensor.
  ///
  /// - Parameter name: Such as `model.layers.3.self_attn.q_proj.weight`, or an outer tensor's.
  /// - Returns: The name there, or `nil` when there is no such tensor.
  func fileName(of name: String) -> String? {
    let spelling = spelling(of: name)
    let older = spelling.replacing("LayerNorm.weight", with: "LayerNorm.gamma")
      .replacing("LayerNorm.bias", with: "LayerNorm.beta")
    return [spelling, older].flatMap { ["\(family.rawValue).\($0)", $0] }
      .first { shards[$0] != nil }
  }

  private func spelling(of name: String) -> String {
    let prefix = "model.layers."
    guard name.hasPrefix(prefix) else { return name }
    let parts = name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
    return "encoder.layer.\(parts[0]).\(EncoderFamily.fileName(inLayer: String(parts[1])))"
  }
}
