import DevFTTensor

/// The names of a hypernetwork's tensors.
enum HyperName {
  /// Embedding of a layer, `[t]`.
  ///
  /// `lora_` in it says, where layers are fused and carried over, that it belongs to the adapter.
  static let embedding = "hypernetwork.lora_embedding"
  /// `W`, `[t, C]`.
  static let weight = "hypernetwork.condition.weight"
  /// `b`, `[t]`.
  static let bias = "hypernetwork.condition.bias"
  /// Middle of each class, `[C, D]`; never trained.
  static let centroids = "hypernetwork.centroids"

  private static let prefix = "hypernetwork."

  /// Whether a tensor is a hypernetwork's.
  static func isOwn(_ tensorName: String) -> Bool { tensorName.hasPrefix(prefix) }

  /// Name of a part of a head.
  ///
  /// - Parameters:
  ///   - part: `u`, `v` or `bias`.
  ///   - factor: Which factor the head makes.
  ///   - module: Of which module.
  /// - Returns: Such as `hypernetwork.self_attn.q_proj.A.u`.
  static func part(_ part: String, of factor: AdapterFactor, _ module: AdapterPair) -> String {
    "\(prefix)\(module.module).\(factor == .loraA ? "A" : "B").\(part)"
  }

  /// The modules that a shared set has heads for, by name.
  static func modules(in shared: NamedTensors) -> [AdapterPair] {
    let suffix = ".A.u"
    return shared.names.filter { isOwn($0) && $0.hasSuffix(suffix) }.map {
      AdapterPair(module: String($0.dropFirst(prefix.count).dropLast(suffix.count)))
    }
  }
}
