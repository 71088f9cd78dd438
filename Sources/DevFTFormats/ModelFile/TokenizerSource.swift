/// Where the tokenizer of a model comes from.
public enum TokenizerSource: Sendable {
  /// Metadata of a GGUF file, keys `tokenizer.*` among them.
  case gguf([String: GGUFValue])
  /// A directory with `tokenizer.json` and, mostly, `tokenizer_config.json`.
  case directory(String)
}
