public import DevFTFormats
public import DevFTModel

/// Turns examples into token sequences with marked targets.
public struct ExampleEncoder: SequenceEncoder {
  /// What becomes of an example with more tokens than allowed.
  public enum OverLong: String, CaseIterable, Codable, Sendable {
    /// Encoding fails, naming the example.
    case error
    /// Its last tokens are cut off; it is left out when no target remains.
    case truncate
    /// It is left out.
    case skip
  }

  /// Layout of the messages.
  public let template: ChatTemplate
  /// The model's tokenizer.
  public let tokenizer: Tokenizer
  /// Most tokens of a sequence, at least 2.
  public let maximumLength: Int
  /// What becomes of a longer example.
  public let overLong: OverLong
  /// Embeddings of the model.
  public let vocabularySize: Int

  /// Prepares an encoder.
  ///
  /// - Parameters:
  ///   - template: Layout of the messages.
  ///   - tokenizer: The model's tokenizer.
  ///   - maximumLength: Most tokens of a sequence, at least 2.
  ///   - overLong: What becomes of a longer example.
  ///   - vocabularySize: Embeddings of the model.
  public init(
    template: ChatTemplate,
    tokenizer: Tokenizer,
    maximumLength: Int,
    overLong: OverLong,
    vocabularySize: Int
  ) {
    self.template = template
    self.tokenizer = tokenizer
    self.maximumLength = maximumLength
    self.overLong = overLong
    self.vocabularySize = vocabularySize
  }

  /// Encodes examples; those without a target, or left out for their length, give `nil`.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - source: What they came from, for messages.
  /// - Returns: One sequence an example, in the same order.
  /// - Throws: `TrainingError` with code `overLong` or `noExamples`; `FormatError` when the template
  ///   cannot lay an example out.
  public func sequences(of examples: [Example], source: String) throws -> [TokenBatch.Sequence?] {
    let sequences = try examples.enumerated().map { index, example in
      try sequence(of: example, name: name(of: example, at: index, source: source))
    }
    guard sequences.contains(where: { $0 != nil }) else {
      throw TrainingError(
        .noExamples,
        "\(source): expected an example with an answer of at most \(maximumLength) tokens, found none"
      )
    }
    return sequences
  }

  private func sequence(of example: Example, name: String) throws -> TokenBatch.Sequence? {
    var encoded = try TokenizedExample(example, template: template, tokenizer: tokenizer)
    try TokenizedExample.check(encoded.tokens, below: vocabularySize)
    if encoded.count > maximumLength {
      switch overLong {
      case .skip: return nil
      case .error:
        throw TrainingError(
          .overLong,
          "\(name): expected at most \(maximumLength) tokens (max_length), it has \(encoded.count); "
            + "raise the limit, or truncate or skip such examples"
        )
      case .truncate:
        encoded.tokens.removeLast(encoded.count - maximumLength)
        encoded.isTarget.removeLast(encoded.isTarget.count - maximumLength)
      }
    }
    guard encoded.isTarget.dropFirst().contains(true) else { return nil }
    return TokenBatch.Sequence(tokens: encoded.tokens, isTarget: encoded.isTarget)
  }
}
