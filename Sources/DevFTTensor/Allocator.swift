import CDevFTKernels

/// The C library's memory allocator.
public enum Allocator {
  /// Keeps freed blocks for the next request instead of handing them back to the system.
  ///
  /// A step asks for the same large blocks again and again; taking them from the system each time
  /// costs a page fault for every four kilobytes, a tenth of the step (measured). For programs, at
  /// their start.
  public static func keepFreedMemory() { devft_keep_freed_memory() }

  /// Hands the freed blocks back after all.
  ///
  /// Blocks of one phase of a step, such as gradients, break up the room that another phase needs in
  /// one piece; between phases the holes are given back.
  public static func releaseFreedMemory() { devft_release_freed_memory() }
}
