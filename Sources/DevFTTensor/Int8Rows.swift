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
    unsafe self.init(tensor.elements, rows: tensor.rowCount) {
      source,
      target,
      scales,
      rows,
      columns in
      unsafe devft_quantise_rows_f32(source, target, scales, rows, columns)
    }
  }

  /// Rounds rows of bfloat16 numbers times a factor a column.
  ///
  /// - Parameters:
  ///   - elements: The numbers, row-major.
  ///   - rows: Number of rows.
  ///   - factors: One factor a column, or `nil` for 1.
  package init(rounding elements: [UInt16], rows: Int, factors: [Float]?) {
    unsafe self.init(elements, rows: rows) { source, target, scales, rows, columns in
      guard let factors else {
        return unsafe devft_quantise_rows_bf16(source, nil, target, scales, rows, columns)
      }
      precondition(factors.count == columns, "\(factors.count) factors for \(columns) columns")
      unsafe factors.withUnsafeBufferPointer { factors in
        unsafe devft_quantise_rows_bf16(
          source,
          factors.baseAddress,
          target,
          scales,
          rows,
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

  private init<Number>(
    _ elements: [Number],
    rows: Int,
    _ body: (
      _ source: UnsafePointer<Number>, _ target: UnsafeMutablePointer<Int8>,
      _ scales: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int
    ) -> Void
  ) {
    let columns = rows == 0 ? 0 : elements.count / rows
    var found: [Float] = []
    // SAFETY: blocks of rows lie inside the three buffers and do not overlap; all are written.
    numbers = unsafe [Int8](unsafeUninitializedCapacity: elements.count) { numbers, filled in
      unsafe found = [Float](unsafeUninitializedCapacity: rows) { scales, scaleCount in
        unsafe elements.withUnsafeBufferPointer { source in
          if let from = source.baseAddress, let to = numbers.baseAddress,
            let scales = scales.baseAddress
          {
            parallelBlocks(of: rows, block: 64) { block in
              let first = block.lowerBound
              unsafe body(
                from + first * columns,
                to + first * columns,
                scales + first,
                block.count,
                columns
              )
            }
          }
        }
        scaleCount = rows
      }
      filled = elements.count
    }
    scales = found
  }
}
