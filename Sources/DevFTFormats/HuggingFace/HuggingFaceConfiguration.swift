import Foundation

/// The keys of `config.json` that say what a decoder of the LLaMA family is.
///
/// Property names are the file's own, hence their spelling; absent keys have the defaults of
/// `transformers`.
struct HuggingFaceConfiguration: Decodable {
  /// Rotary frequencies, in the old (`rope_scaling`) or new (`rope_parameters`) place.
  struct RoPE: Decodable {
    var rope_type: String?
    var type: String?
    var rope_theta: Double?
    var factor: Double?
    var low_freq_factor: Double?
    var high_freq_factor: Double?
    var original_max_position_embeddings: Int?
    var partial_rotary_factor: Double?
  }

  /// Present when the weights are quantised in a way of their own.
  struct Quantisation: Decodable {
    var quant_method: String?
  }

  var architectures: [String]?
  var model_type: String?
  var vocab_size: Int
  var hidden_size: Int
  var intermediate_size: Int
  var num_hidden_layers: Int
  var num_attention_heads: Int
  var num_key_value_heads: Int?
  var head_dim: Int?
  var max_position_embeddings: Int
  var rms_norm_eps: Double?
  var hidden_act: String?
  var rope_theta: Double?
  var rope_scaling: RoPE?
  var rope_parameters: RoPE?
  var partial_rotary_factor: Double?
  var tie_word_embeddings: Bool?
  var attention_bias: Bool?
  var mlp_bias: Bool?
  var sliding_window: Int?
  var use_sliding_window: Bool?
  var max_window_layers: Int?
  var layer_types: [String]?
  var quantization_config: Quantisation?
}

extension HuggingFaceConfiguration {
  /// Reads a `config.json`.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FormatError`.
  init(path: String) throws(FormatError) {
    self = try JSONFile.decode(HuggingFaceConfiguration.self, from: path)
  }
}
