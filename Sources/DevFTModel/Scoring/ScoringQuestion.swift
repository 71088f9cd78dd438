/// A context and the continuations whose likelihood is asked for.
public struct ScoringQuestion: Hashable, Sendable {
  /// Tokens of the context, at least one.
  public var context: [Int32]
  /// Tokens of each continuation, at least one in each.
  public var continuations: [[Int32]]

  /// Describes a question.
  ///
  /// - Parameters:
  ///   - context: Tokens of the context, at least one.
  ///   - continuations: Tokens of each continuation, at least one in each.
  /// - Precondition: Nothing is empty.
  public init(context: [Int32], continuations: [[Int32]]) {
    precondition(
      !context.isEmpty && !continuations.isEmpty && continuations.allSatisfy { !$0.isEmpty },
      "a context of \(context.count) tokens with \(continuations.map(\.count)) to score"
    )
    self.context = context
    self.continuations = continuations
  }

  /// Tokens that go through the model: the last token of a continuation is only predicted.
  var tokenCount: Int { continuations.reduce(context.count) { $0 + $1.count - 1 } }

  /// Tokens of the longest sequence that runs: a continuation's last token is only predicted.
  public var length: Int { context.count + (continuations.map(\.count).max() ?? 1) - 1 }
}
