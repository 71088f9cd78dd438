import CDevFTKernels
import COneDNN

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

  /// Multiplies rows by this matrix, or by some of its columns.
  ///
  /// The rows must be as long as the inner axis, and `output` must have room for the result.
  ///
  /// - Parameters:
  ///   - left: The first row.
  ///   - leftShape: Rows of the left operand.
  ///   - transposed: Whether this matrix is taken as `[N, K]`.
  ///   - accumulates: Adds to the output, which is float32, if true, overwrites it otherwise.
  ///   - columns: Columns of this matrix that are multiplied, if not all; of numbers in memory, not
  ///     transposed.
  ///   - terms: Products that are added in the same pass.
  ///   - output: Where the result goes.
  func multiply(
    _ left: UnsafeRawPointer?,
    _ leftShape: LeftShape,
    transposed: Bool,
    accumulates: Bool,
    columns: Range<Int>? = nil,
    plus terms: [ProductTerm] = [],
    into output: ProductOutput
  ) {
    precondition(
      leftShape.precision == precision.operands,
      "a product of \(leftShape.precision) and \(precision) matrices"
    )
    if unsafe leftShape.rows == 1 && transposed && output.precision == .float32 {
      let row = unsafe output.numbers.assumingMemoryBound(to: Float.self)
      if unsafe multiplyRow(left, accumulates: accumulates, into: row) {
        for term in terms {
          unsafe term.add(to: row, stride: output.stride, transposed: transposed)
        }
        return
      }
    }
    let chosen = columns ?? 0..<self.columns
    let shape = unsafe devft_matmul_shape(
      rows: leftShape.rows,
      columns: transposed ? rows : chosen.count,
      inner: transposed ? self.columns : rows,
      type: leftShape.precision.number,
      output_type: output.precision.number,
      right_transposed: transposed,
      accumulates: accumulates,
      left_stride: leftShape.stride,
      right_stride: self.columns,
      output_stride: output.stride
    )
    // SAFETY: the caller vouches for both buffers; the calls write the result and keep nothing.
    let status = unsafe ProductTerm.lend(terms, to: shape) { terms in
      var operands = unsafe devft_matmul_operands()
      unsafe operands.left = left
      unsafe operands.terms = terms.baseAddress
      unsafe operands.term_count = terms.count
      unsafe operands.output = output.numbers
      return unsafe multiply(shape, operands, firstColumn: chosen.lowerBound)
    }
    precondition(status == 0, "oneDNN has no product of \(precision) matrices: \(status)")
  }

  /// The product with this matrix's numbers as the right operand.
  private func multiply(
    _ shape: devft_matmul_shape,
    _ operands: devft_matmul_operands,
    firstColumn: Int
  ) -> Int32 {
    switch storage {
    case .float32, .bfloat16:
      var (shape, status) = (shape, Int32(0))
      var operands = unsafe operands
      unsafe withNumbers { numbers in
        unsafe operands.right = numbers.map { unsafe $0 + firstColumn * precision.byteCount }
        unsafe status = devft_matmul(&shape, &operands)
      }
      return status
    case .int8(let numbers):
      return unsafe numbers.multiply(shape, operands)
    case .stored(let numbers, .int8):
      let rows = Int8Rows(rounding: numbers)
      numbers.releasePages()
      return unsafe rows.multiply(shape, operands)
    case .stored(let numbers, _):
      return unsafe numbers.multiply(shape, operands)
    }
  }
}

extension StoredStack {
  /// A product whose right operand is expanded part by part.
  fileprivate func multiply(
    _ shape: devft_matmul_shape,
    _ operands: devft_matmul_operands
  ) -> Int32 {
    let status = unsafe withDescription { description in
      var source = unsafe devft_matrix_source(
        expand: { context, row, rows, column, columns, type, target in
          // SAFETY: `context` is the description below, good for the time of the product.
          unsafe devft_expand_stored(
            context?.assumingMemoryBound(to: devft_stored_stack.self),
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
      return unsafe withUnsafePointer(to: &source) { source in
        var (shape, operands) = unsafe (shape, operands)
        unsafe operands.source = source
        return unsafe devft_matmul(&shape, &operands)
      }
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
    _ shape: devft_matmul_shape,
    _ operands: devft_matmul_operands
  ) -> Int32 {
    guard let left = unsafe operands.left else { return 0 }
    let transposed = shape.right_transposed
    let rounded = unsafe Int8Rows(
      rounding: left.assumingMemoryBound(to: UInt16.self),
      stride: shape.left_stride,
      rows: shape.rows,
      columns: shape.inner,
      factors: transposed ? nil : scales
    )
    var (shape, operands) = unsafe (shape, operands)
    shape.type = DEVFT_INT8
    shape.left_stride = shape.inner
    return unsafe rounded.lend { numbers, scales in
      unsafe self.lend { rightNumbers, rightScales in
        unsafe operands.left = UnsafeRawPointer(numbers)
        unsafe operands.left_scales = scales
        unsafe operands.right = UnsafeRawPointer(rightNumbers)
        unsafe operands.right_scales = transposed ? rightScales : nil
        // SAFETY: the scales are as many as rows by construction.
        return unsafe devft_matmul(&shape, &operands)
      }
    }
  }

  private func lend(
    _ body: (UnsafePointer<Int8>?, UnsafePointer<Float>?) -> Int32
  ) -> Int32 {
    unsafe numbers.withUnsafeBufferPointer { numbers in
      unsafe scales.withUnsafeBufferPointer { scales in
        unsafe body(numbers.baseAddress, scales.baseAddress)
      }
    }
  }
}
