public import DevFTFormats
public import DevFTModel

/// Turns labelled texts into token sequences with their classes.
public struct LabelledTextEncoder: SequenceEncoder {
  private let tokenizer: Tokenizer
  private let labels: ClassLabels
  private let maximumLength: Int
  private let overLong: ExampleEncoder.OverLong
  private let architecture: ModelArchitecture

  /// Prepares an encoder.
  ///
  /// - Parameters:
  ///   - tokenizer: The model's tokenizer.
  ///   - labels: The classes.
  ///   - maximumLength: Most tokens of a sequence, special ones included.
  ///   - overLong: What becomes of a longer example; cut off are the texts' ends.
  ///   - architecture: The model.
  public init(
    tokenizer: Tokenizer,
    labels: ClassLabels,
    maximumLength: Int,
    overLong: ExampleEncoder.OverLong,
    architecture: ModelArchitecture
  ) {
    self.tokenizer = tokenizer
    self.labels = labels
    self.maximumLength = maximumLength
    self.overLong = overLong
    self.architecture = architecture
  }

  /// Encodes examples; those left out for their length give `nil`.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - source: What they came from, for messages.
  /// - Returns: One sequence an example, in the same order.
  /// - Throws: `TrainingError` with code `badLabel`, `overLong` or `noExamples`; `FormatError` when the
  ///   tokenizer does not suit a classifier.
  public func sequences(of examples: [Example], source: String) throws -> [TokenBatch.Sequence?] {
    let sequences = try examples.enumerated().map { index, example in
      try sequence(of: example, name: name(of: example, at: index, source: source))
    }
    guard sequences.contains(where: { $0 != nil }) else {
      throw TrainingError(
        .noExamples,
        "\(source): expected an example of at most \(maximumLength) tokens, found none"
      )
    }
    return sequences
  }

  private func sequence(of example: Example, name: String) throws -> TokenBatch.Sequence? {
    guard let labelled = example.labelled else {
      throw TrainingError(
        .badLabel,
        "\(name): expected a row with text and label, since the model classifies texts"
      )
    }
    guard let label = labels.index(of: labelled.label) else {
      throw TrainingError(
        .badLabel,
        "\(name): expected as label one of \(labels.names.joined(separator: ", ")), or its number "
          + "below \(labels.count); got another"
      )
    }
    let encoded = try tokenizer.classifierTokens(
      labelled.text,
      pair: labelled.pair,
      maximumLength: maximumLength
    )
    try TokenizedExample.check(encoded.tokens, below: architecture.vocabularySize)
    guard encoded.fullCount <= maximumLength || overLong == .truncate else {
      guard overLong == .error else { return nil }
      throw TrainingError(
        .overLong,
        "\(name): expected at most \(maximumLength) tokens (max_length), it has "
          + "\(encoded.fullCount); raise the limit, or truncate or skip such examples"
      )
    }
    // RoBERTa has one segment for everything, whatever its tokenizer says.
    let lastType = Int32((architecture.encoder?.typeCount ?? 1) - 1)
    return TokenBatch.Sequence(
      tokens: encoded.tokens,
      types: encoded.types.map { min($0, lastType) },
      label: Int32(label)
    )
  }
}
