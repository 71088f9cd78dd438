import CDevFTKernels

/// Numbers that one parallel task works on.
let elementBlock = 1 << 15

extension Tensor {
  /// Adds another tensor of the same count, number by number.
  ///
  /// - Parameter other: Numbers of the same count.
  public mutating func add(_ other: Tensor) {
    precondition(count == other.count, "adding \(other.shape) to \(shape)")
    let count = count
    unsafe withMutablePointer { target in
      unsafe withPointers(to: [other]) { inputs in
        parallelBlocks(of: count, block: elementBlock) { range in
          // SAFETY: the blocks lie inside the buffers and do not overlap.
          unsafe devft_add(
            inputs[0] + range.lowerBound,
            target + range.lowerBound,
            range.count
          )
        }
      }
    }
  }

  /// Adds one row to every row.
  ///
  /// - Parameter row: Numbers, as many as the last axis is long.
  public mutating func addToRows(_ row: Tensor) {
    precondition(row.count == columnCount, "adding a row of \(row.count) to rows of \(columnCount)")
    let (rows, columns) = (rowCount, columnCount)
    unsafe withMutablePointer { target in
      unsafe withPointers(to: [row]) { inputs in
        // SAFETY: the kernel writes rows * columns numbers, which is this tensor's count.
        unsafe devft_add_row(inputs[0], target, rows, columns)
      }
    }
  }

  /// Multiplies every number.
  ///
  /// - Parameter factor: The factor.
  public mutating func scale(by factor: Float) {
    guard factor != 1, count > 0 else { return }
    let count = count
    // SAFETY: the kernel writes `count` numbers.
    unsafe withMutablePointer { unsafe devft_scale($0, factor, count) }
  }

  /// Sum of the squares, in double precision.
  public var squaredNorm: Double {
    // SAFETY: the kernel reads `count` numbers.
    unsafe elements.withUnsafeBufferPointer { unsafe devft_squared_norm($0.baseAddress, $0.count) }
  }
}

/// Rounds to bfloat16, to nearest even.
///
/// - Parameter source: The numbers.
/// - Returns: Their bit patterns.
package func roundedToBFloat16(_ source: [Float]) -> [UInt16] {
  unsafe [UInt16](parallelRows: source.count, block: elementBlock) { target, range in
    unsafe source.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      // SAFETY: the range lies inside both arrays.
      unsafe devft_f32_to_bf16(source + range.lowerBound, target, range.count)
    }
  }
}

/// The exact float32 values of bfloat16 numbers.
package func widenedToFloat32(_ source: [UInt16]) -> [Float] {
  unsafe [Float](parallelRows: source.count, block: elementBlock) { target, range in
    unsafe source.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      // SAFETY: the range lies inside both arrays.
      unsafe devft_bf16_to_f32(source + range.lowerBound, target, range.count)
    }
  }
}
