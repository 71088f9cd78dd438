/// A family of encoders, and how it spells what this program names as in LLaMA.
///
/// Inside the program a layer's maps and norms go by one set of names, those of `Projection` and
/// `ModelTensorName`; files and adapters on disk have the family's own.
public enum EncoderFamily: String, CaseIterable, Codable, Hashable, Sendable {
  /// Devlin et al., 2019, <https://arxiv.org/abs/1810.04805>.
  case bert
  /// Liu et al., 2019, <https://arxiv.org/abs/1907.11692>.
  case roberta

  /// The family's names of a layer's modules, by the program's.
  private static let modules: [(own: String, file: String)] = [
    ("self_attn.q_proj", "attention.self.query"), ("self_attn.k_proj", "attention.self.key"),
    ("self_attn.v_proj", "attention.self.value"), ("self_attn.o_proj", "attention.output.dense"),
    ("mlp.up_proj", "intermediate.dense"), ("mlp.down_proj", "output.dense"),
    ("input_layernorm", "attention.output.LayerNorm"),
    ("post_attention_layernorm", "output.LayerNorm"),
  ]

  /// The family's name of a tensor within its layer.
  ///
  /// - Parameter name: Such as `self_attn.q_proj.lora_A.weight`.
  /// - Returns: Such as `attention.self.query.lora_A.weight`; the name itself when it is none of a
  ///   layer's.
  public static func fileName(inLayer name: String) -> String {
    for (own, file) in modules where name.hasPrefix(own + ".") {
      return file + name.dropFirst(own.count)
    }
    return name
  }

  /// The program's name of a tensor within its layer.
  ///
  /// - Parameter fileName: Such as `attention.self.query.lora_A.weight`.
  /// - Returns: Such as `self_attn.q_proj.lora_A.weight`, or `nil` when it is none of a layer's.
  public static func name(inLayer fileName: String) -> String? {
    for (own, file) in modules where fileName.hasPrefix(file + ".") {
      return own + fileName.dropFirst(file.count)
    }
    return nil
  }

  /// What PEFT calls a target: a suffix that no other module of a layer has.
  ///
  /// - Parameters:
  ///   - projection: The map; an encoder has no gate.
  ///   - layerCount: Layers of the model.
  /// - Returns: One name; of the feed-forward part's output one a layer, since `output.dense` alone
  ///   would also stand for the attention's.
  static func targetNames(of projection: Projection, layerCount: Int) -> [String] {
    let file = String(fileName(inLayer: "\(projection.moduleName).").dropLast())
    switch projection {
    case .q, .k, .v: return [file.replacing("attention.self.", with: "")]
    case .down: return (0..<layerCount).map { "layer.\($0).\(file)" }
    case .o, .gate, .up: return [file]
    }
  }

  /// The maps that a target name of PEFT's stands for; none when it is no encoder's.
  static func projections(ofTarget name: String) -> [Projection] {
    let names = [
      "query": [Projection.q], "key": [.k], "value": [.v], "attention.output.dense": [.o],
      "intermediate.dense": [.up], "output.dense": [.o, .down],
    ]
    let whole = names.keys.sorted { $0.count > $1.count }
      .first { name == $0 || name.hasSuffix("." + $0) }
    guard let whole else { return [] }
    return whole == "output.dense" && name != whole ? [.down] : names[whole] ?? []
  }
}
