extension GGUFModelFile {
  private static let outerNames = [
    ModelTensorName.embedding: "token_embd.weight",
    ModelTensorName.finalNorm: "output_norm.weight",
    ModelTensorName.head: "output.weight",
  ]

  private static let moduleNames = [
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
  ]

  /// What a GGUF file calls a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: Such as `blk.3.attn_q.weight`; an unknown name as it is.
  static func fileName(of name: String) -> String {
    if let outer = outerNames[name] { return outer }
    let parts = name.split(separator: ".")
    guard parts.count >= 5, let kind = parts.last,
      let module = moduleNames[parts[3..<parts.count - 1].joined(separator: ".")]
    else { return name }
    return "blk.\(parts[2]).\(module).\(kind)"
  }
}
