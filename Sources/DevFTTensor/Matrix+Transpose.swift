import CDevFTKernels

/// Rows that one parallel task transposes.
private let rowBlock = 64

extension Tensor {
  /// Rows and columns exchanged.
  ///
  /// - Returns: Numbers of shape `[columns, rows]`.
  /// - Precondition: The tensor is not empty.
  public func transposed() -> Tensor {
    var result = Tensor(uninitialisedShape: [columnCount, rowCount])
    let (rows, columns) = (rowCount, columnCount)
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [self]) { inputs in
        parallelBlocks(of: rows, block: rowBlock) { block in
          let first = block.lowerBound
          // SAFETY: both buffers hold rows * columns numbers; blocks have columns of their own.
          unsafe devft_transpose(
            inputs[0] + first * columns,
            output + first,
            block.count,
            columns,
            rows
          )
        }
      }
    }
    return result
  }
}

extension Matrix {
  /// Rows and columns exchanged.
  ///
  /// - Returns: A matrix of the same precision.
  /// - Precondition: Numbers of float32 or bfloat16 in memory.
  public func transposed() -> Matrix {
    guard case .bfloat16(let numbers) = storage else {
      return Matrix(tensor.transposed(), precision: precision)
    }
    // SAFETY: the blocks cover the result without gap and do not overlap.
    let result = unsafe [UInt16](unsafeUninitializedCapacity: numbers.count) { output, filled in
      unsafe numbers.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress, let output = output.baseAddress else { return }
        parallelBlocks(of: rows, block: rowBlock) { block in
          let first = block.lowerBound
          unsafe devft_transpose_bf16(
            source + first * columns,
            output + first,
            block.count,
            columns,
            rows
          )
        }
      }
      filled = numbers.count
    }
    return Matrix(rows: columns, columns: rows, storage: .bfloat16(result))
  }
}
