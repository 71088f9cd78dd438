import DevFTModel

/// Tokens without a pattern that another program can make too.
struct BenchmarkTokens {
  /// Tokens of the model.
  let vocabularySize: Int

  /// A run of tokens.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - first: Place of the first in the endless row of tokens, from 0.
  /// - Returns: `(place + 1) · 7919 mod V`.
  func run(_ count: Int, from first: Int = 0) -> [Int32] {
    (first..<first + count).map { Int32(($0 + 1) * 7919 % vocabularySize) }
  }

  /// Sequences one after the other; every token but the first is a target.
  func sequences(_ count: Int, length: Int) -> [TokenBatch.Sequence] {
    (0..<count).map { row in
      TokenBatch.Sequence(
        tokens: run(length, from: row * length),
        isTarget: Array(repeating: true, count: length)
      )
    }
  }
}
