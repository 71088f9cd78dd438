public import DevFTTensor

/// An endless, reproducible order in which examples form batches.
///
/// Each epoch visits every example once: the examples are shuffled, pools of several batches are
/// sorted by length so that a batch holds examples of like length, and the batches are shuffled
/// again. The last batch of an epoch may be smaller. Without shuffling, examples come in file
/// order and wrap round.
public struct BatchOrder: Sendable {
  /// Batches whose examples are sorted together.
  private static let poolBatches = 8

  private let lengths: [Int]
  private let batchSize: Int
  private var stream: RandomStream?
  private var pending: [[Int]] = []
  private var cursor = 0

  /// Prepares an order.
  ///
  /// - Parameters:
  ///   - lengths: Tokens of each example, at least one example.
  ///   - batchSize: Examples of a batch, at least 1.
  ///   - stream: Source of the draws, or `nil` for file order.
  public init(lengths: [Int], batchSize: Int, stream: RandomStream?) {
    precondition(!lengths.isEmpty && batchSize >= 1, "\(lengths.count) examples by \(batchSize)")
    self.lengths = lengths
    self.batchSize = batchSize
    self.stream = stream
  }

  /// The next batch.
  ///
  /// - Returns: Indices of its examples.
  public mutating func next() -> [Int] {
    guard stream != nil else { return nextInFileOrder() }
    if pending.isEmpty { pending = newEpoch().reversed() }
    return pending.removeLast()
  }

  private mutating func nextInFileOrder() -> [Int] {
    let batch = (0..<batchSize).map { (cursor + $0) % lengths.count }
    cursor = (cursor + batchSize) % lengths.count
    return batch
  }

  private mutating func newEpoch() -> [[Int]] {
    guard var stream else { return [] }
    let order = stream.permutation(of: lengths.count)
    var batches: [[Int]] = []
    for pool in chunks(of: order, size: batchSize * Self.poolBatches) {
      let sorted = pool.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
      batches += chunks(of: sorted, size: batchSize)
    }
    let shuffled = stream.permutation(of: batches.count).map { batches[$0] }
    self.stream = stream
    return shuffled
  }

  private func chunks(of indices: [Int], size: Int) -> [[Int]] {
    stride(from: 0, to: indices.count, by: size).map {
      Array(indices[$0..<min(indices.count, $0 + size)])
    }
  }
}
