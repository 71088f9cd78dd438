/// A question and what the models said.
public struct ReportAnswer: Codable, Equatable, Sendable {
  /// What one model said.
  public struct Output: Codable, Equatable, Sendable {
    /// Name of the method, or of the base model.
    public var method: String
    /// The answer.
    public var text: String

    /// Creates an answer.
    ///
    /// - Parameters:
    ///   - method: Name of the method, or of the base model.
    ///   - text: The answer.
    public init(method: String, text: String) {
      self.method = method
      self.text = text
    }
  }

  /// The question.
  public var prompt: String
  /// The right answer; `nil` when there is none.
  public var expected: String?
  /// What each model said.
  public var outputs: [Output]

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - prompt: The question.
  ///   - expected: The right answer, if there is one.
  ///   - outputs: What each model said.
  public init(prompt: String, expected: String? = nil, outputs: [Output]) {
    self.prompt = prompt
    self.expected = expected
    self.outputs = outputs
  }
}
