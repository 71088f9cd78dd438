public import DevFTEvaluation
public import DevFTTensor

extension EvaluatedModel {
  /// Prepares a model that is loaded.
  ///
  /// - Parameters:
  ///   - loaded: The model.
  ///   - adapter: Directory of a PEFT adapter, or `nil`.
  ///   - precision: Type of the products.
  ///   - maximumLength: Longest sequence that will be run, in tokens.
  /// - Throws: `FormatError` when a tensor cannot be read or the adapter does not fit.
  public init(
    _ loaded: LoadedModel,
    adapter: String?,
    precision: Precision,
    maximumLength: Int
  ) throws {
    let decoder = try loaded.decoder(precision: precision, maximumLength: maximumLength)
    self.init(
      decoder: decoder,
      adapter: try loaded.operands(adapter: adapter, for: decoder),
      tokenizer: loaded.tokenizer,
      template: loaded.template,
      stopTokens: loaded.stopTokens
    )
  }
}
