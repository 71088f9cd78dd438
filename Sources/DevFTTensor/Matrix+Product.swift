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
  ///   - term: A second product of the same shape and layout, added in the same pass: an adapter's
  ///     share. Its operands are of the left's precision.
  /// - Precondition: The tensor holds `M · N` numbers and the inner sizes agree.
  /// - Complexity: `M · N · K` multiply-adds.
  public mutating func setProduct(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool,
    accumulates: Bool = false,
    plus term: ProductTerm? = nil
  ) {
    let columns = transposed ? right.rows : right.columns
    precondition(
      left.columns == (transposed ? right.columns : right.rows)
        && count == left.rows * columns,
      "[\(left.rows), \(left.columns)] times [\(right.rows), \(right.columns)] into \(shape)"
    )
    unsafe elements.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      unsafe left.withNumbers { numbers in
        // SAFETY: the sizes were checked above.
        unsafe right.multiply(
          numbers,
          LeftShape(rows: left.rows, stride: left.columns, precision: left.precision),
          transposed: transposed,
          accumulates: accumulates,
          plus: term,
          into: output
        )
      }
    }
  }

  /// The product `left · right` or `left · rightᵀ` as a new tensor.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]`.
  ///   - right: Operand `[K, N]`, or `[N, K]` when transposed.
  ///   - transposed: Whether `right` is stored transposed.
  ///   - term: A second product that is added.
  /// - Returns: Numbers of shape `[M, N]`.
  public static func product(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool,
    plus term: ProductTerm? = nil
  ) -> Tensor {
    var result = Tensor(
      uninitialisedShape: [left.rows, transposed ? right.rows : right.columns])
    result.setProduct(left, right, transposingRight: transposed, plus: term)
    return result
  }
}

/// Rows of the left operand of a product, the distance between them in numbers, and their type.
struct LeftShape {
  let rows: Int
  let stride: Int
  let precision: Precision
}

extension Matrix {
  /// Lends the numbers of a matrix of float32 or bfloat16 in memory.
  func withNumbers(_ body: (UnsafeRawPointer?) -> Void) {
    switch storage {
    case .float32(let numbers):
      unsafe numbers.withUnsafeBytes { bytes in unsafe body(bytes.baseAddress) }
    case .bfloat16(let numbers):
      unsafe numbers.withUnsafeBytes { bytes in unsafe body(bytes.baseAddress) }
    case .int8, .stored:
      preconditionFailure("a frozen \(precision) matrix on the left of a product")
    }
  }

  /// Multiplies rows by this matrix; `output` holds dense rows as wide as the result.
  ///
  /// The rows must be as long as the inner axis, and `output` must have room for the result.
  func multiply(
    _ left: UnsafeRawPointer?,
    _ leftShape: LeftShape,
    transposed: Bool,
    accumulates: Bool,
    plus term: ProductTerm? = nil,
    into output: UnsafeMutablePointer<Float>
  ) {
    precondition(
      leftShape.precision == precision.operands,
      "a product of \(leftShape.precision) and \(precision) matrices"
    )
    if leftShape.rows == 1, transposed,
      unsafe multiplyRow(left, accumulates: accumulates, into: output)
    {
      unsafe term?.add(to: output, transposed: transposed)
      return
    }
    var shape = devft_matmul_shape(
      rows: leftShape.rows,
      columns: transposed ? rows : columns,
      inner: transposed ? columns : rows,
      type: leftShape.precision.number,
      right_transposed: transposed,
      accumulates: accumulates,
      left_stride: leftShape.stride,
      right_stride: columns,
      output_stride: transposed ? rows : columns
    )
    // SAFETY: the caller vouches for both buffers; the calls write the result and keep nothing.
    let status = unsafe ProductTerm.lend(term, to: shape) { term in
      switch storage {
      case .float32(let numbers):
        return unsafe numbers.withUnsafeBytes {
          unsafe devft_matmul(&shape, left, $0.baseAddress, term, output)
        }
      case .bfloat16(let numbers):
        return unsafe numbers.withUnsafeBytes {
          unsafe devft_matmul(&shape, left, $0.baseAddress, term, output)
        }
      case .int8(let numbers):
        return unsafe numbers.multiply(left, &shape, plus: term, into: output)
      case .stored(let numbers, _):
        return unsafe numbers.multiply(left, &shape, plus: term, into: output)
      }
    }
    precondition(status == 0, "oneDNN has no product of \(precision) matrices: \(status)")
  }
}

extension StoredRows {
  /// A product whose right operand is expanded part by part.
  fileprivate func multiply(
    _ left: UnsafeRawPointer?,
    _ shape: inout devft_matmul_shape,
    plus term: UnsafePointer<devft_second_term>?,
    into output: UnsafeMutablePointer<Float>
  ) -> Int32 {
    let status = unsafe withDescription { description in
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
        column_step: blockLength
      )
      return unsafe devft_matmul_expanding(&shape, left, &source, term, output)
    }
    releasePages()
    return status
  }
}

extension Int8Rows {
  /// A product of bfloat16 rows, rounded to int8 here, and these rows.
  ///
  /// With the right operand transposed its scales belong to columns of the result; otherwise to the
  /// inner axis, and are taken into the left operand before it is rounded.
  fileprivate func multiply(
    _ left: UnsafeRawPointer?,
    _ shape: inout devft_matmul_shape,
    plus term: UnsafePointer<devft_second_term>?,
    into output: UnsafeMutablePointer<Float>
  ) -> Int32 {
    guard let left = unsafe left else { return 0 }
    let transposed = shape.right_transposed
    let rounded = unsafe Int8Rows(
      rounding: left.assumingMemoryBound(to: UInt16.self),
      stride: shape.left_stride,
      rows: shape.rows,
      columns: shape.inner,
      factors: transposed ? nil : scales
    )
    shape.type = DEVFT_INT8
    shape.left_stride = shape.inner
    return unsafe rounded.numbers.withUnsafeBufferPointer { a in
      unsafe rounded.scales.withUnsafeBufferPointer { aScales in
        unsafe numbers.withUnsafeBufferPointer { b in
          unsafe scales.withUnsafeBufferPointer { bScales in
            // SAFETY: the scales are as many as rows by construction.
            unsafe devft_matmul_int8(
              &shape,
              a.baseAddress,
              aScales.baseAddress,
              b.baseAddress,
              transposed ? bScales.baseAddress : nil,
              term,
              output
            )
          }
        }
      }
    }
  }
}
