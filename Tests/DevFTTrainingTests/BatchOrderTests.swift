import DevFTTensor
import DevFTTraining
import Testing

@Suite("Orders of batches")
struct BatchOrderTests {
  /// Lengths without any order.
  private func lengths(_ count: Int) -> [Int] { (0..<count).map { 3 + ($0 * 37) % 101 } }

  private func order(_ count: Int, batch: Int, seed: UInt64?) -> BatchOrder {
    BatchOrder(
      lengths: lengths(count),
      batchSize: batch,
      stream: seed.map { RandomStream(seed: $0, purpose: "batches") }
    )
  }

  /// Batches of one epoch.
  private func epoch(_ order: inout BatchOrder, count: Int, batch: Int) -> [[Int]] {
    (0..<(count + batch - 1) / batch).map { _ in order.next() }
  }

  @Test(
    "an epoch takes every example once, in batches that are full but for one",
    arguments: [(1, 1), (7, 3), (8, 8), (60, 11), (200, 4), (5, 64)],
    [1, 2, 3] as [UInt64]
  )
  func coverage(shape: (count: Int, batch: Int), seed: UInt64) {
    var order = order(shape.count, batch: shape.batch, seed: seed)
    for _ in 0..<3 {
      let batches = epoch(&order, count: shape.count, batch: shape.batch)
      #expect(batches.flatMap(\.self).sorted() == Array(0..<shape.count))
      let partial = batches.filter { $0.count != shape.batch }
      #expect(partial.count == (shape.count.isMultiple(of: shape.batch) ? 0 : 1))
    }
  }

  @Test("the order follows from the seed and changes from epoch to epoch")
  func seeds() {
    func batches(_ seed: UInt64) -> [[Int]] {
      var order = order(60, batch: 8, seed: seed)
      return (0..<16).map { _ in order.next() }
    }
    #expect(batches(1) == batches(1))
    #expect(batches(1) != batches(2))
    #expect(batches(1).prefix(8) != batches(1).suffix(8))
  }

  @Test("a batch holds examples of like length, and short batches do not all come first")
  func buckets() {
    var order = order(64, batch: 8, seed: 4)
    let lengths = lengths(64)
    let batches = epoch(&order, count: 64, batch: 8).map { $0.map { lengths[$0] } }
    // All 64 are one pool: sorted, a batch spans an eighth of the lengths, some 13 of 101.
    for batch in batches { #expect((batch.max() ?? 0) - (batch.min() ?? 0) < 26) }
    let firsts = batches.compactMap(\.first)
    #expect(firsts != firsts.sorted())
    #expect(firsts != firsts.sorted(by: >))
  }

  @Test("without a seed, file order that wraps round")
  func fileOrder() {
    var order = order(5, batch: 3, seed: nil)
    let batches = (0..<5).map { _ in order.next() }
    #expect(batches == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4, 0, 1], [2, 3, 4]])
    var wide = self.order(2, batch: 5, seed: nil)
    #expect(wide.next() == [0, 1, 0, 1, 0])
    #expect(wide.next() == [1, 0, 1, 0, 1])
  }
}
