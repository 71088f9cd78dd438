import CDevFTKernels
import COneDNN

extension Tensor {
  /// Writes or adds a matrix product into this tensor.
  ///
  /// `self (+)= left · right`, or `left · rightᵀ`. The result does not depend on the number of
  /// threads.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]` of float32 or bfloat16.
  ///   - right: Operand `[K, N]`, or `[N, K]` when transposed; its operands' precision is the left's.
  ///   - transposed: Whether `right` is stored transposed.
  ///   - accumulates: Adds to what is here if true, overwrites it otherwise.
  /// - Precondition: The tensor holds `M · N` numbers and the inner sizes agree.
  /// - Complexity: `M · N · K` multiply-adds.
  public mutating func setProduct(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool,
    accumulates: Bool = false
  ) {
    let columns = transposed ? right.rows : right.columns
    let inner = transposed ? right.columns : right.rows
    precondition(
      left.columns == inner && count == left.rows * columns,
      "product of [\(left.rows), \(left.columns)] and [\(inner), \(columns)] into \(shape)"
    )
    var shape = devft_matmul_shape(
      rows: left.rows,
      columns: columns,
      inner: inner,
      type: left.precision.number,
      right_transposed: transposed,
      accumulates: accumulates,
      left_stride: left.columns,
      right_stride: right.columns,
      output_stride: columns
    )
    let status = unsafe elements.withUnsafeMutableBufferPointer { output in
      // SAFETY: the sizes were checked above; the calls write `M · N` numbers and keep nothing.
      switch (left.storage, right.storage) {
      case (.float32(let a), .float32(let b)):
        unsafe a.withUnsafeBytes { a in
          unsafe b.withUnsafeBytes { b in
            unsafe devft_matmul(&shape, a.baseAddress, b.baseAddress, output.baseAddress)
          }
        }
      case (.bfloat16(let a), .bfloat16(let b)):
        unsafe a.withUnsafeBytes { a in
          unsafe b.withUnsafeBytes { b in
            unsafe devft_matmul(&shape, a.baseAddress, b.baseAddress, output.baseAddress)
          }
        }
      case (.bfloat16(let a), .int8(let b)):
        unsafe int8Product(&shape, a, b, output.baseAddress)
      case (.float32(let a), .stored(let b, .float32)):
        unsafe a.withUnsafeBytes { unsafe expandingProduct(&shape, $0, b, output.baseAddress) }
      case (.bfloat16(let a), .stored(let b, .bfloat16)):
        unsafe a.withUnsafeBytes { unsafe expandingProduct(&shape, $0, b, output.baseAddress) }
      default:
        preconditionFailure("a product of \(left.precision) and \(right.precision) matrices")
      }
    }
    precondition(status == 0, "oneDNN has no product of \(right.precision) matrices: \(status)")
  }

  /// The product `left · right` or `left · rightᵀ` as a new tensor.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]`.
  ///   - right: Operand `[K, N]`, or `[N, K]` when transposed.
  ///   - transposed: Whether `right` is stored transposed.
  /// - Returns: Numbers of shape `[M, N]`.
  public static func product(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool
  ) -> Tensor {
    var result = Tensor(
      uninitialisedShape: [left.rows, transposed ? right.rows : right.columns])
    result.setProduct(left, right, transposingRight: transposed)
    return result
  }
}

/// A product whose right operand is expanded part by part.
private func expandingProduct(
  _ shape: inout devft_matmul_shape,
  _ left: UnsafeRawBufferPointer,
  _ right: StoredRows,
  _ output: UnsafeMutablePointer<Float>?
) -> Int32 {
  let status = unsafe right.withDescription { description in
    var source = unsafe devft_matrix_source(
      expand: { context, row, rows, column, columns, type, target in
        // SAFETY: `context` is the description below, good for the time of the product.
        unsafe devft_expand_stored(
          context?.assumingMemoryBound(to: devft_stored_matrix.self),
          row,
          rows,
          column,
          columns,
          type == DEVFT_BFLOAT16,
          target
        )
      },
      context: UnsafeRawPointer(description),
      column_step: right.columnStep
    )
    return unsafe devft_matmul_expanding(&shape, left.baseAddress, &source, output)
  }
  right.releasePages()
  return status
}

/// A product of bfloat16 rows, rounded to int8 here, and int8 rows.
///
/// With the right operand transposed its scales belong to columns of the result; otherwise to the
/// inner axis, and are taken into the left operand before it is rounded.
private func int8Product(
  _ shape: inout devft_matmul_shape,
  _ left: [UInt16],
  _ right: Int8Rows,
  _ output: UnsafeMutablePointer<Float>?
) -> Int32 {
  let transposed = shape.right_transposed
  let rounded = Int8Rows(
    rounding: left,
    rows: shape.rows,
    factors: transposed ? nil : right.scales
  )
  shape.type = DEVFT_INT8
  return unsafe rounded.numbers.withUnsafeBufferPointer { a in
    unsafe rounded.scales.withUnsafeBufferPointer { aScales in
      unsafe right.numbers.withUnsafeBufferPointer { b in
        unsafe right.scales.withUnsafeBufferPointer { bScales in
          // SAFETY: the caller checked the sizes; the scales are as many as rows by construction.
          unsafe devft_matmul_int8(
            &shape,
            a.baseAddress,
            aScales.baseAddress,
            b.baseAddress,
            transposed ? bScales.baseAddress : nil,
            output
          )
        }
      }
    }
  }
}

extension Precision {
  fileprivate var number: devft_number {
    switch self {
    case .float32: DEVFT_FLOAT32
    case .bfloat16: DEVFT_BFLOAT16
    case .int8: DEVFT_INT8
    }
  }
}
