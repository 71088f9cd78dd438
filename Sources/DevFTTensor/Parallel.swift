import COneDNN

/// The threads that loops and matrix products started by the calling thread use.
public enum Threads {
  /// Their number, at least 1.
  ///
  /// Setting it concerns the calling thread alone.
  public static var count: Int {
    get { Int(devft_thread_count()) }
    set { devft_set_thread_count(Int32(clamping: newValue)) }
  }
}

/// Calls a function for every index, spread over the threads of the calling thread.
///
/// Every index is visited exactly once, in no particular order; returns when all are done.
///
/// - Parameters:
///   - count: Number of indices, at least 0.
///   - body: Called with each index below `count`; calls must not touch the same memory.
package func parallelFor(_ count: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    // SAFETY: the box lives until the loop has returned, and only the loop reads it.
    let box = LoopBody(call: body)
    withExtendedLifetime(box) {
      unsafe devft_parallel_for(
        count,
        { context, index in
          guard let context = unsafe context else { return }
          unsafe Unmanaged<LoopBody>.fromOpaque(context).takeUnretainedValue().call(index)
        },
        Unmanaged.passUnretained(box).toOpaque()
      )
    }
  }
}

/// Splits rows into blocks of a fixed size and visits the blocks in parallel.
///
/// - Parameters:
///   - rows: Number of rows, at least 0.
///   - block: Rows of one block, at least 1.
///   - body: Called with the range of rows of each block.
package func parallelBlocks(of rows: Int, block: Int, _ body: (Range<Int>) -> Void) {
  parallelFor((rows + block - 1) / block) { index in
    body(index * block..<min(rows, (index + 1) * block))
  }
}

/// Carries a closure through C.
private final class LoopBody {
  let call: (Int) -> Void
  init(call: @escaping (Int) -> Void) { self.call = call }
}
