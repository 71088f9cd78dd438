extension Tokenizer {
  /// Reads the tokenizer of a model.
  ///
  /// - Parameters:
  ///   - source: Where it is: `tokenizerSource` of the model file.
  ///   - path: The model file, for messages about GGUF metadata.
  /// - Throws: `FormatError`: `missing`, `unreadable`, `truncated`, `malformed`, or `unsupported` for
  ///   tokenizers of another kind.
  public init(_ source: TokenizerSource, path: String? = nil) throws {
    switch source {
    case .gguf(let metadata): try self.init(metadata: metadata, path: path)
    case .directory(let directory): try self.init(directory: directory)
    }
  }
}
