import CDevFTKernels

/// Space for numbers that are written before they are read, taken from what an earlier computation
/// returned; for what is too large for the memory allocator to keep.
@safe final class Scratch {
  private let space: UnsafeMutableRawPointer
  private let count: Int

  /// Takes space.
  ///
  /// - Parameter count: How many float32 numbers.
  init(count: Int) {
    guard let space = unsafe devft_take_scratch(count * MemoryLayout<Float>.stride) else {
      fatalError("no memory for \(count) numbers")
    }
    unsafe self.space = space
    self.count = count
  }

  deinit { unsafe devft_return_scratch(space) }

  /// Lends the numbers.
  func withPointer(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    // SAFETY: the space holds `count` numbers and lives as long as this object.
    unsafe body(space.bindMemory(to: Float.self, capacity: count))
  }
}
