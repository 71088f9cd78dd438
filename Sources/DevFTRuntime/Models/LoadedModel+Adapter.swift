public import DevFTFormats
public import DevFTModel

extension LoadedModel {
  /// Checks the rank of a new adapter: above the model's width it adds nothing but memory.
  ///
  /// - Parameters:
  ///   - rank: The rank.
  ///   - key: What the user calls it.
  /// - Throws: `RunError` with code `unsupported`.
  public func check(rank: Int, key: String) throws(RunError) {
    let width = file.architecture.width
    guard rank <= width else {
      throw RunError(
        .unsupported,
        "\(key): expected at most the model's width \(width), got \(rank)"
      )
    }
  }

  /// Reads an adapter and checks that it belongs to this model.
  ///
  /// - Parameter directory: Directory of a PEFT adapter.
  /// - Returns: The adapter.
  /// - Throws: `FormatError` that names the first tensor that does not fit.
  public func adapter(_ directory: String) throws -> PEFTAdapter {
    let adapter = try PEFTAdapter(directory: directory)
    do {
      try adapter.check(fits: file.architecture)
      try adapter.checkFinite()
    } catch let error as FormatError {
      throw FormatError(error.code, path: directory, error.message)
    }
    return adapter
  }

  /// Prepares an adapter from a directory, or the bare base.
  ///
  /// - Parameters:
  ///   - directory: Directory of a PEFT adapter, or `nil`.
  ///   - decoder: The model it will run on.
  /// - Returns: The operands.
  /// - Throws: `FormatError` when the adapter is broken or of another model.
  public func operands(adapter directory: String?, for decoder: Decoder) throws -> AdapterOperands {
    guard let directory else { return decoder.operands([], scale: 1) }
    let adapter = try adapter(directory)
    return decoder.operands(adapter.layers, scale: Float(adapter.configuration.scale))
  }

  /// Tokens of a conversation up to where the model's answer begins.
  ///
  /// - Parameter messages: The turns, the last one the user's.
  /// - Returns: The tokens.
  /// - Throws: `FormatError` when the template cannot hold the turns.
  public func promptTokens(of messages: [ChatMessage]) throws -> [Int32] {
    let spans = try template.render(messages, addingGenerationPrompt: true)
    let tokens = try TokenizedExample(spans, tokenizer: tokenizer).tokens
    guard !tokens.isEmpty else {
      throw FormatError(.malformed, "expected a prompt, got an empty text")
    }
    try TokenizedExample.check(tokens, below: file.architecture.vocabularySize)
    return tokens
  }
}
