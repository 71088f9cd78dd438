import DevFTTensor
import Synchronization
import Testing

@Suite("Parallel loops")
struct ParallelTests {
  @Test("visit every index once", arguments: [0, 1, 2, 3, 7, 64, 1001], [1, 2, 3])
  func once(_ count: Int, _ threads: Int) {
    let visits = Visits(count)
    withThreads(threads) { parallelFor(count) { visits.record($0) } }
    #expect(visits.counts == Array(repeating: 1, count: count))
  }

  @Test("work inside one another", arguments: [1, 2, 3])
  func nested(_ threads: Int) {
    let visits = Visits(5 * 7)
    withThreads(threads) {
      parallelFor(5) { outer in parallelFor(7) { visits.record(outer * 7 + $0) } }
    }
    #expect(visits.counts == Array(repeating: 1, count: 35))
  }

  @Test(
    "split rows into blocks without gap or overlap",
    arguments: [
      (0, 4), (1, 4), (4, 4), (5, 4), (8, 3), (100, 1), (7, 100),
    ]
  )
  func blocks(_ rows: Int, _ block: Int) {
    let visits = Visits(rows)
    parallelBlocks(of: rows, block: block) { range in
      #expect(!range.isEmpty && range.count <= block)
      for row in range { visits.record(row) }
    }
    #expect(visits.counts == Array(repeating: 1, count: rows))
  }

  @Test("use at least one thread, and as many as were asked for")
  func counts() {
    #expect(withThreads(3) { Threads.count } == 3)
    #expect(withThreads(0) { Threads.count } == 1)
    #expect(withThreads(-5) { Threads.count } == 1)
  }
}

/// Counts visits of indices from any thread.
private final class Visits: Sendable {
  private let state: Mutex<[Int]>

  init(_ count: Int) { state = Mutex(Array(repeating: 0, count: count)) }

  func record(_ index: Int) { state.withLock { $0[index] += 1 } }

  var counts: [Int] { state.withLock { $0 } }
}
