/// A priority queue of pairs to merge: the lowest rank first, of equal ranks the leftmost.
struct MergeQueue {
  /// Rank in the upper half, position in the lower.
  private var heap: [UInt64] = []

  /// Adds a pair.
  ///
  /// - Parameters:
  ///   - rank: Rank of its merge.
  ///   - position: Index of its left symbol, below 2³².
  mutating func push(rank: UInt32, position: Int) {
    heap.append(UInt64(rank) << 32 | UInt64(UInt32(truncatingIfNeeded: position)))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the first pair out.
  ///
  /// - Returns: Its rank and position, or `nil` when none is left.
  mutating func pop() -> (rank: UInt32, position: Int)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return (UInt32(truncatingIfNeeded: first >> 32), Int(first & 0xffff_ffff))
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
