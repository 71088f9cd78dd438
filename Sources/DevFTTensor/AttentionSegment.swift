/// Rows of one sequence: its queries, and the keys and values that they may see.
public struct AttentionSegment: Hashable, Sendable {
  /// Rows of the query tensor.
  public var queries: Range<Int>
  /// Rows of the key and value tensors; under a causal mask the last query sees them all, the one before
  /// all but one.
  public var keys: Range<Int>

  /// Describes a sequence.
  ///
  /// - Parameters:
  ///   - queries: Rows of the query tensor.
  ///   - keys: Rows of the key and value tensors, at least as many.
  public init(queries: Range<Int>, keys: Range<Int>) {
    precondition(keys.count >= queries.count, "\(queries.count) queries see \(keys.count) keys")
    self.queries = queries
    self.keys = keys
  }
}
