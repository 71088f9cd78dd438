import DevFTFormats
import DevFTModel

extension EvaluatedModel {
  /// What a benchmark wants of answers.
  struct AnswerRule {
    /// Texts that end an answer; they are not part of it.
    var until: [String] = []
    /// Longest answer, in tokens.
    var maximumTokens: Int
  }

  /// Bytes of keys and values that answers under way may take.
  private static let cacheBytes = 768 << 20
  /// Most answers under way.
  private static let greatestBatch = 32

  /// Tokens of a text as the user's turn, with the head of the answer.
  ///
  /// - Parameter text: What the user says.
  /// - Returns: The tokens.
  /// - Throws: `FormatError` when the template or the tokenizer lacks something.
  func chatTokens(of text: String) throws -> [Int32] {
    try chatTokens(of: [ChatMessage(.user, text)])
  }

  /// Tokens of a conversation, with the head of the answer.
  ///
  /// - Parameter messages: The turns, the last one the user's.
  /// - Returns: The tokens.
  /// - Throws: `FormatError` when the template or the tokenizer lacks something.
  func chatTokens(of messages: [ChatMessage]) throws -> [Int32] {
    let spans = try template.render(messages, addingGenerationPrompt: true)
    return try TokenizedExample(spans, tokenizer: tokenizer).tokens
  }

  /// Answers, greedy ones if nothing else is asked for.
  ///
  /// - Parameters:
  ///   - prompts: Tokens of each prompt; too long ones lose tokens of their start.
  ///   - rule: Where answers end.
  ///   - samplings: How the tokens of each answer are chosen; greedily without any.
  /// - Returns: The answers in the order of the prompts, as text without special tokens.
  func answers(
    to prompts: [[Int32]],
    _ rule: AnswerRule,
    samplings: [Sampling] = []
  ) -> [String] {
    let room = max(1, maximumLength - rule.maximumTokens)
    let maximumTokens = min(rule.maximumTokens, maximumLength - 1)
    let prompts = prompts.map { $0.isEmpty ? [prefixToken] : Array($0.suffix(room)) }
    var generator = Generator(
      decoder: decoder,
      adapter: adapter,
      stopTokens: stopTokens
    )
    // A text of n bytes lies inside the last n tokens, each of which has a byte at least.
    let reach = (rule.until.map(\.utf8.count).max() ?? 0) + 1
    let tokens = generator.continuations(
      of: prompts,
      maximumTokens: maximumTokens,
      atOnce: answersAtOnce(prompts, maximumTokens),
      samplings: samplings,
      isComplete: { _, answer in
        guard reach > 1 else { return false }
        let end = text(of: answer.suffix(reach))
        return rule.until.contains { end.prefix(before: $0) != end }
      }
    )
    return tokens.map { answer in
      rule.until.reduce(text(of: answer[...])) { $0.prefix(before: $1) }
    }
  }

  private func text(of tokens: ArraySlice<Int32>) -> String {
    tokenizer.decode(tokens.map(Int.init), skippingSpecialTokens: true)
  }

  /// As many answers as have room for their keys and values.
  private func answersAtOnce(_ prompts: [[Int32]], _ maximumTokens: Int) -> Int {
    let architecture = decoder.ends.architecture
    let width = architecture.keyValueHeadCount * architecture.headWidth
    let tokens = (prompts.map(\.count).max() ?? 0) + maximumTokens
    let bytes = tokens * width * decoder.layers.count * 2 * MemoryLayout<Float>.size
    return min(Self.greatestBatch, max(1, Self.cacheBytes / max(1, bytes)))
  }
}
