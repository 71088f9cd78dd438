public import DevFTFormats
public import DevFTModel

/// Turns the rows of a data set into what a model is trained on.
public protocol SequenceEncoder: Sendable {
  /// Encodes examples; those that are left out give `nil`.
  ///
  /// - Parameters:
  ///   - examples: The examples.
  ///   - source: What they came from, for messages.
  /// - Returns: One sequence an example, in the same order.
  /// - Throws: `TrainingError` that names the example; `FormatError` when it cannot be encoded.
  func sequences(of examples: [Example], source: String) throws -> [TokenBatch.Sequence?]
}

extension SequenceEncoder {
  /// How an example is called in messages: by its file and line.
  func name(of example: Example, at index: Int, source: String) -> String {
    example.line.map { "\(source):\($0)" } ?? "\(source): example \(index + 1)"
  }
}
