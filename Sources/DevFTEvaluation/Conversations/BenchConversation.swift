import DevFTFormats
import DevFTModel
import DevFTTensor

/// Has a model answer questions over one turn or two.
public struct BenchConversation: Sendable {
  private let model: EvaluatedModel
  private let name: String
  private let seed: UInt64
  private let isGreedy: Bool
  private let maximumTokens: Int

  /// Prepares conversations.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - name: What it is called in the answers.
  ///   - seed: Seed of the sampling; each question has a stream of its own.
  ///   - isGreedy: Whether all answers are greedy, instead of FastChat's temperatures by category.
  ///   - maximumTokens: Longest answer of a turn, in tokens.
  public init(
    model: EvaluatedModel,
    name: String,
    seed: UInt64,
    isGreedy: Bool,
    maximumTokens: Int = 1024
  ) {
    self.model = model
    self.name = name
    self.seed = seed
    self.isGreedy = isGreedy
    self.maximumTokens = maximumTokens
  }

  /// Answers questions, all first turns before all second ones.
  ///
  /// - Parameter questions: The questions.
  /// - Returns: The answers, in their order.
  /// - Throws: `FormatError` when the template cannot hold a conversation.
  public func answers(to questions: [BenchQuestion]) throws -> [BenchAnswer] {
    var answers = questions.map { BenchAnswer(questionID: $0.id, model: name, turns: []) }
    for turn in 0..<2 {
      let open = questions.indices.filter { questions[$0].turns.count > turn }
      let prompts = try open.map { index in
        var messages: [ChatMessage] = []
        for past in 0..<turn {
          messages.append(ChatMessage(.user, questions[index].turns[past]))
          messages.append(ChatMessage(.assistant, answers[index].turns[past]))
        }
        messages.append(ChatMessage(.user, questions[index].turns[turn]))
        return try model.chatTokens(of: messages)
      }
      let texts = model.answers(
        to: prompts,
        .init(maximumTokens: maximumTokens),
        samplings: open.map { sampling(questions[$0], turn: turn) }
      )
      for (index, text) in zip(open, texts) { answers[index].turns.append(text.trimmed) }
    }
    return answers
  }

  private func sampling(_ question: BenchQuestion, turn: Int) -> Sampling {
    guard !isGreedy, question.temperature > 0 else { return .greedy }
    let stream = RandomStream(seed: seed, purpose: "answer \(question.id) turn \(turn)")
    return .topP(probability: 1, temperature: question.temperature, stream: stream)
  }
}
