public import DevFTModel

/// Mean loss over held-out sequences.
public enum HeldOutLoss {
  /// Tokens that go through the model at once.
  private static let batchTokenCount = 2048

  /// Measures the loss.
  ///
  /// Sequences of like length go together; the sum runs over all of them, so the grouping does not
  /// enter the result beyond rounding.
  ///
  /// - Parameters:
  ///   - decoder: The model, a decoder or an encoder.
  ///   - adapter: The adapter.
  ///   - sequences: The sequences.
  ///   - report: Called after each batch with the share that is done, in `(0, 1]`.
  /// - Returns: Sum of the losses in nats, number of targets, and of an encoder how many came out right.
  public static func measure(
    _ decoder: any TrainableModel,
    adapter: AdapterOperands,
    sequences: [TokenBatch.Sequence],
    report: (Double) -> Void = { _ in }
  ) -> BatchLoss {
    var total = BatchLoss(sum: 0, targetCount: 0)
    var done = 0
    for batch in batches(of: sequences) {
      let loss = decoder.loss(of: TokenBatch(batch), adapter: adapter)
      total.sum += loss.sum
      total.targetCount += loss.targetCount
      if let correct = loss.correctCount {
        total.correctCount = (total.correctCount ?? 0) + correct
      }
      done += batch.count
      report(Double(done) / Double(sequences.count))
    }
    return total
  }

  private static func batches(of sequences: [TokenBatch.Sequence]) -> [[TokenBatch.Sequence]] {
    var batches: [[TokenBatch.Sequence]] = []
    var (current, tokens): ([TokenBatch.Sequence], Int) = ([], 0)
    for sequence in sequences.sorted(by: { $0.tokens.count < $1.tokens.count }) {
      if !current.isEmpty, tokens + sequence.tokens.count > batchTokenCount {
        batches.append(current)
        (current, tokens) = ([], 0)
      }
      current.append(sequence)
      tokens += sequence.tokens.count
    }
    return current.isEmpty ? batches : batches + [current]
  }
}
