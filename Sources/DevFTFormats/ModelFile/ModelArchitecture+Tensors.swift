/// Hugging Face's names of the tensors outside the layers.
public enum ModelTensorName {
  /// Token embedding, `[V, D]`.
  public static let embedding = "model.embed_tokens.weight"
  /// Weight of the norm after the last layer, `[D]`.
  public static let finalNorm = "model.norm.weight"
  /// Output head, `[V, D]`; absent when tied to the embedding.
  public static let head = "lm_head.weight"
  /// Weight of the norm before the attention, or in an encoder behind it, `[D]`, within its layer.
  public static let attentionNorm = "input_layernorm.weight"
  /// Weight of the norm before the feed-forward part, or in an encoder behind it, `[D]`.
  public static let feedForwardNorm = "post_attention_layernorm.weight"

  /// Bias of `attentionNorm`, in an encoder, `[D]`.
  public static let attentionNormBias = "input_layernorm.bias"
  /// Bias of `feedForwardNorm`, in an encoder, `[D]`.
  public static let feedForwardNormBias = "post_attention_layernorm.bias"

  /// Full name of a layer's tensor.
  ///
  /// - Parameters:
  ///   - index: The layer, from 0.
  ///   - name: Name within the layer, such as `self_attn.q_proj.weight`.
  /// - Returns: Such as `model.layers.3.self_attn.q_proj.weight`.
  public static func inLayer(_ index: Int, _ name: String) -> String {
    "model.layers.\(index).\(name)"
  }

  /// Takes the full name of a layer's tensor apart.
  ///
  /// - Parameter name: Such as `model.layers.3.self_attn.q_proj.weight`.
  /// - Returns: The layer and the name within it, or `nil` for a tensor outside the layers.
  package static func layer(of name: String) -> (index: Int, name: String)? {
    let prefix = "model.layers."
    guard name.hasPrefix(prefix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let index = Int(parts[0]) else { return nil }
    return (index, String(parts[1]))
  }

  /// Whether a tensor makes queries or keys, to which the rotary embedding is applied.
  static func isRotated(_ name: String) -> Bool {
    name.contains(".q_proj.") || name.contains(".k_proj.")
  }
}

extension ModelArchitecture {
  /// Shapes of the tensors outside the layers, by Hugging Face's names.
  public var outerTensorShapes: [String: [Int]] {
    if let encoder { return outerTensorShapes(of: encoder) }
    var shapes = [
      ModelTensorName.embedding: [vocabularySize, width],
      ModelTensorName.finalNorm: [width],
    ]
    if !tiesEmbeddings { shapes[ModelTensorName.head] = [vocabularySize, width] }
    return shapes
  }

  /// Shapes of one layer's tensors, by their names within the layer.
  public var layerTensorShapes: [String: [Int]] {
    var shapes = [
      ModelTensorName.attentionNorm: [width], ModelTensorName.feedForwardNorm: [width],
    ]
    if encoder != nil {
      shapes[ModelTensorName.attentionNormBias] = [width]
      shapes[ModelTensorName.feedForwardNormBias] = [width]
    }
    for projection in projections {
      let output = projection.outputWidth(in: self)
      shapes[projection.weightName] = [output, projection.inputWidth(in: self)]
      if encoder != nil || (hasAttentionBias && [.q, .k, .v].contains(projection)) {
        shapes[projection.biasName] = [output]
      }
    }
    return shapes
  }
}
