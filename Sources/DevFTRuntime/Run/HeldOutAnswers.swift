public import DevFTEvaluation
import DevFTFormats
import DevFTModel
import DevFTTensor

/// Has one model answer held-out examples with several adapters.
public struct HeldOutAnswers: Sendable {
  private let model: LoadedModel
  private let decoder: Decoder
  private let examples: [Example]

  /// Longest answer, in tokens.
  private static let maximumTokens = 96

  /// Reads the model and the examples.
  ///
  /// - Parameters:
  ///   - configuration: The run whose held-out examples are answered.
  ///   - count: Examples, from the first.
  /// - Throws: When the model or the examples cannot be read.
  public init(_ configuration: RunConfiguration, count: Int) throws {
    try self.init(
      configuration,
      count: count,
      model: try LoadedModel(configuration.model, template: configuration.data.template.format)
    )
  }

  /// Reads the examples for a model that is loaded.
  init(
    _ configuration: RunConfiguration,
    count: Int,
    model: LoadedModel,
    weights: WeightStorage = .expanded
  ) throws {
    self.model = model
    guard let path = configuration.data.eval else {
      throw RunError(.unsupported, "data.eval: expected held-out examples to answer, got none")
    }
    let examples = Array(try ExamplesReader.examples(in: path).prefix(count))
    let prompts = try examples.map { example in
      let spans = try model.template.renderPrompt(example)
      return try TokenizedExample(spans, tokenizer: model.tokenizer).count
    }
    let length = (prompts.max() ?? 0) + Self.maximumTokens
    try model.check(length: length, key: "\(path): a request and its answer")
    decoder = try model.decoder(
      precision: configuration.memory.precision.precision,
      maximumLength: length,
      weights: weights
    )
    self.examples = examples
  }

  /// The last user turn of each example.
  public var prompts: [String] {
    examples.map { example in example.messages.last { $0.role == .user }?.content ?? "" }
  }

  /// Answers with an adapter, or the bare base.
  ///
  /// - Parameter adapter: Directory of a PEFT adapter, or `nil`.
  /// - Returns: The answers beside the expected ones.
  /// - Throws: When the adapter cannot be read.
  public func answers(adapter: String?) throws -> AnswerMatch {
    try AnswerMatch(
      examples,
      decoder: decoder,
      adapter: try model.operands(adapter: adapter, for: decoder),
      tokenizer: model.tokenizer,
      template: model.template,
      stopTokens: model.stopTokens,
      maximumTokens: Self.maximumTokens
    )
  }
}
