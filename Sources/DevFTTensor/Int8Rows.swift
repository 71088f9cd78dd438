import CDevFTKernels

/// Rows of numbers rounded to int8, each with a scale: `x ≈ scale · n`, `scale = max |x| / 127`.
package struct Int8Rows: Sendable {
  /// The rounded numbers, row-major, each in `-127 ... 127`.
  package private(set) var numbers: [Int8]
  /// Scale of each row; NaN for a row that holds NaN or infinity.
  package private(set) var scales: [Float]

  init(numbers: [Int8], scales: [Float]) {
    self.numbers = numbers
    self.scales = scales
  }

  /// Rounds the rows of a tensor.
  package init(rounding tensor: Tensor) {
    let columns = tensor.columnCount
    unsafe self.init(rows: tensor.rowCount, columns: columns) { target, scales, rows in
      unsafe withPointers(to: [tensor]) { source in
        unsafe devft_quantise_rows_f32(
          source[0] + rows.lowerBound * columns,
          target,
          scales,
          rows.count,
          columns
        )
      }
    }
  }

  /// Rounds rows of bfloat16 numbers times a factor a column.
  ///
  /// - Parameters:
  ///   - source: The first row.
  ///   - stride: Distance between rows, in numbers.
  ///   - rows: Number of rows.
  ///   - columns: Numbers of a row.
  ///   - factors: One factor a column, or `nil` for 1.
  init(
    rounding source: UnsafePointer<UInt16>,
    stride: Int,
    rows: Int,
    columns: Int,
    factors: [Float]?
  ) {
    precondition(
      factors.map { $0.count == columns } ?? true,
      "\(factors?.count ?? 0) factors for \(columns) columns"
    )
    unsafe self.init(rows: rows, columns: columns) { target, scales, rows in
      let first = unsafe source + rows.lowerBound * stride
      guard let factors else {
        return unsafe devft_quantise_rows_bf16(
          first,
          stride,
          nil,
          target,
          scales,
          rows.count,
          columns
        )
      }
      unsafe factors.withUnsafeBufferPointer { factors in
        unsafe devft_quantise_rows_bf16(
          first,
          stride,
          factors.baseAddress,
          target,
          scales,
          rows.count,
          columns
        )
      }
    }
  }

  /// Makes room.
  mutating func reserveCapacity(rows: Int, columns: Int) {
    numbers.reserveCapacity(rows * columns)
    scales.reserveCapacity(rows)
  }

  /// Adds rows below those that are there.
  mutating func append(_ other: Int8Rows) {
    numbers += other.numbers
    scales += other.scales
  }

  /// One row in float32.
  package func row(_ index: Int) -> [Float] {
    let columns = numbers.count / scales.count
    let scale = scales[index]
    return numbers[index * columns..<(index + 1) * columns].map { scale * Float($0) }
  }

  /// Fills blocks of rows in parallel.
  private init(
    rows: Int,
    columns: Int,
    _ body: (
      _ target: UnsafeMutablePointer<Int8>, _ scales: UnsafeMutablePointer<Float>,
      _ rows: Range<Int>
    ) -> Void
  ) {
    var found: [Float] = []
    // SAFETY: blocks of rows lie inside both buffers and do not overlap; all are written.
    numbers = unsafe [Int8](unsafeUninitializedCapacity: rows * columns) { numbers, filled in
      unsafe found = [Float](unsafeUninitializedCapacity: rows) { scales, scaleCount in
        if let numbers = numbers.baseAddress, let scales = scales.baseAddress {
          parallelBlocks(of: rows, block: 32) { block in
            let first = block.lowerBound
            unsafe body(numbers + first * columns, scales + first, block)
          }
        }
        scaleCount = rows
      }
      filled = rows * columns
    }
    scales = found
  }
}
