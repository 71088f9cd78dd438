public import DevFTFormats
public import DevFTModel
import DevFTTensor

/// Greedy answers to held-out examples, held against the answers the examples have.
public struct AnswerMatch: Codable, Sendable {
  /// Answers in the order of the examples, white space at both ends taken off.
  public let answers: [String]
  /// The answers that the examples have, likewise.
  public let expected: [String]

  /// Share of answers that equal the expected ones, in `[0, 1]`; 0 without examples.
  public var exactShare: Double {
    answers.isEmpty ? 0 : Double(zip(answers, expected).count { $0 == $1 }) / Double(answers.count)
  }

  /// Prompts that are answered at once.
  private static let batchCount = 32

  /// Has a model answer.
  ///
  /// - Parameters:
  ///   - examples: Examples whose last turn is the assistant's.
  ///   - decoder: The model.
  ///   - adapter: The adapter.
  ///   - tokenizer: The model's tokenizer.
  ///   - template: Layout of conversations.
  ///   - stopTokens: Tokens that end an answer.
  ///   - maximumTokens: Longest answer, in tokens.
  /// - Throws: `FormatError` when the template cannot hold an example.
  public init(
    _ examples: [Example],
    decoder: Decoder,
    adapter: AdapterOperands,
    tokenizer: Tokenizer,
    template: ChatTemplate,
    stopTokens: Set<Int32>,
    maximumTokens: Int
  ) throws {
    let prompts = try examples.map { example in
      try TokenizedExample(try template.renderPrompt(example), tokenizer: tokenizer).tokens
    }
    var generator = Generator(decoder: decoder, adapter: adapter, stopTokens: stopTokens)
    var answers = [String](repeating: "", count: examples.count)
    // Prompts of like length go together, so that little room of the cache stays empty.
    let order = prompts.indices.sorted { (prompts[$0].count, $0) < (prompts[$1].count, $1) }
    for start in stride(from: 0, to: order.count, by: Self.batchCount) {
      let batch = order[start..<min(order.count, start + Self.batchCount)]
      let tokens = generator.continuations(
        of: batch.map { prompts[$0] },
        maximumTokens: maximumTokens
      )
      for (index, answer) in zip(batch, tokens) {
        answers[index] = tokenizer.decode(answer.map(Int.init), skippingSpecialTokens: true).trimmed
      }
    }
    self.answers = answers
    expected = examples.map { ($0.messages.last?.content ?? "").trimmed }
  }
}
