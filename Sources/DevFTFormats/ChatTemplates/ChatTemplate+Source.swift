extension ChatTemplate {
  /// Recognises the template that comes with a model.
  ///
  /// - Parameter source: Where the tokenizer is: `tokenizerSource` of the model file.
  /// - Returns: The template, or `nil` when the model has none or one of another kind.
  /// - Throws: `FormatError` when a configuration file is there but cannot be read.
  public static func recognise(in source: TokenizerSource) throws -> ChatTemplate? {
    switch source {
    case .gguf(let metadata):
      recognise(TokenizerMetadata(values: metadata, path: nil).text("tokenizer.chat_template"))
    case .directory(let directory):
      recognise(try TokenizerConfiguration(directory: directory).chatTemplate)
    }
  }
}
