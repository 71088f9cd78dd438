import CDevFTKernels

extension Matrix {
  /// Rows that one task multiplies.
  private static let rowBlock = 32

  /// Multiplies one row of bfloat16 by the transpose of this matrix: a step of writing an answer,
  /// for which planning a product takes longer than the product.
  ///
  /// Weights are widened to float32; the row is not rounded to int8.
  ///
  /// - Parameters:
  ///   - row: As many numbers as this matrix has columns.
  ///   - accumulates: Adds to the output if true, overwrites it otherwise.
  ///   - output: As many numbers as this matrix has rows.
  /// - Returns: Whether there is such a kernel for this matrix; nothing is written if not.
  func multiplyRow(
    _ row: UnsafeRawPointer?,
    accumulates: Bool,
    into output: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let row = unsafe row else { return false }
    switch storage {
    case .bfloat16(let weights):
      unsafe withWidened(row) { x in
        unsafe weights.withUnsafeBufferPointer { weights in
          guard let weights = weights.baseAddress else { return }
          parallelBlocks(of: rows, block: Self.rowBlock) { block in
            let first = block.lowerBound
            // SAFETY: blocks of rows lie inside the matrix and the output.
            unsafe devft_matvec_bf16(
              weights + first * columns,
              x,
              accumulates,
              output + first,
              block.count,
              columns
            )
          }
        }
      }
    case .int8(let weights):
      unsafe withWidened(row) { x in
        unsafe weights.numbers.withUnsafeBufferPointer { numbers in
          unsafe weights.scales.withUnsafeBufferPointer { scales in
            guard let numbers = numbers.baseAddress, let scales = scales.baseAddress else { return }
            parallelBlocks(of: rows, block: Self.rowBlock) { block in
              let first = block.lowerBound
              // SAFETY: as above.
              unsafe devft_matvec_int8(
                numbers + first * columns,
                scales + first,
                x,
                accumulates,
                output + first,
                block.count,
                columns
              )
            }
          }
        }
      }
    case .float32, .stored: return false
    }
    return true
  }

  /// Lends a row of bfloat16 in float32.
  private func withWidened(_ row: UnsafeRawPointer, _ body: (UnsafePointer<Float>) -> Void) {
    // SAFETY: the row has as many numbers as this matrix has columns, by the caller's word.
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, columns)) { wide in
      guard let wide = wide.baseAddress else { return }
      unsafe devft_bf16_to_f32(row.assumingMemoryBound(to: UInt16.self), wide, columns)
      unsafe body(UnsafePointer(wide))
    }
  }
}
