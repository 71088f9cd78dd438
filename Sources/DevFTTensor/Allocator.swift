import CDevFTKernels

/// The C library's memory allocator.
public enum Allocator {
  /// Keeps freed blocks for the next request instead of handing them back to the system.
  ///
  /// A step asks for the same large blocks again and again; taking them from the system each time
  /// costs a page fault for every four kilobytes, a tenth of the step (measured). For programs, at
  /// their start.
  public static func keepFreedMemory() { devft_keep_freed_memory() }
}
