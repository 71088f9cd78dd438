/// One question of a benchmark and what the model made of it.
public struct EvaluationSample: Sendable {
  /// Identifier inside the benchmark's file.
  public var id: String
  /// Subject or sub-task; empty where there is none.
  public var group: String
  /// What was asked, without few-shot examples.
  public var question: String
  /// The right answer.
  public var expected: String
  /// The model's answer.
  public var answer: String
  /// Whether it counts as right.
  public var isRight: Bool
  /// Log-likelihood of each option in nats; empty where text was written.
  public var scores: [Double] = []
  /// Further numbers by name.
  public var numbers: [String: Double] = [:]

  /// Describes a sample.
  ///
  /// - Parameters:
  ///   - id: Identifier inside the benchmark's file.
  ///   - group: Subject or sub-task; empty where there is none.
  ///   - question: What was asked, without few-shot examples.
  ///   - expected: The right answer.
  ///   - answer: The model's answer.
  ///   - isRight: Whether it counts as right.
  ///   - scores: Log-likelihood of each option in nats.
  ///   - numbers: Further numbers by name.
  public init(
    id: String,
    group: String = "",
    question: String,
    expected: String,
    answer: String,
    isRight: Bool,
    scores: [Double] = [],
    numbers: [String: Double] = [:]
  ) {
    self.id = id
    self.group = group
    self.question = question
    self.expected = expected
    self.answer = answer
    self.isRight = isRight
    self.scores = scores
    self.numbers = numbers
  }
}
