extension Array where Element: BitwiseCopyable {
  /// Makes an array whose rows are written in parallel.
  ///
  /// - Parameters:
  ///   - rows: Number of rows, at least 0.
  ///   - columns: Numbers of a row.
  ///   - block: Rows that one task writes, at least 1.
  ///   - write: Called once for each block with the place of its first row and its rows; it must write
  ///     every number of them.
  init(
    parallelRows rows: Int,
    columns: Int = 1,
    block: Int,
    _ write: (_ target: UnsafeMutablePointer<Element>, _ rows: Range<Int>) -> Void
  ) {
    // SAFETY: the blocks cover the array without gap and do not overlap.
    self = unsafe Self(unsafeUninitializedCapacity: rows * columns) { numbers, filled in
      if let base = numbers.baseAddress {
        parallelBlocks(of: rows, block: block) { range in
          unsafe write(base + range.lowerBound * columns, range)
        }
      }
      filled = rows * columns
    }
  }
}
