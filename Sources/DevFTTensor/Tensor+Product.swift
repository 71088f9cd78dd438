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
  ///   - terms: Second products of the same rows and layout, added in the same pass: an adapter's
  ///     share. Their operands are of the left's precision.
  /// - Precondition: The tensor holds `M · N` numbers and the inner sizes agree.
  /// - Complexity: `M · N · K` multiply-adds.
  public mutating func setProduct(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool,
    accumulates: Bool = false,
    plus terms: [ProductTerm] = []
  ) {
    let columns = transposed ? right.rows : right.columns
    checkProduct(left.columns, right, transposed: transposed)
    precondition(count == left.rows * columns, "\(left.rows) rows of \(columns) into \(shape)")
    unsafe elements.withUnsafeMutableBufferPointer { output in
      guard let output = output.baseAddress else { return }
      unsafe left.withNumbers { numbers in
        // SAFETY: the sizes were checked above.
        unsafe right.multiply(
          numbers,
          MatrixColumns(left).shape,
          transposed: transposed,
          accumulates: accumulates,
          plus: terms,
          into: ProductOutput(output, stride: columns)
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
  ///   - terms: Second products that are added.
  /// - Returns: Numbers of shape `[M, N]`.
  public static func product(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool,
    plus terms: [ProductTerm] = []
  ) -> Tensor {
    var result = Tensor(
      uninitialisedShape: [left.rows, transposed ? right.rows : right.columns])
    result.setProduct(left, right, transposingRight: transposed, plus: terms)
    return result
  }

  /// The product `left · right` with some columns of a matrix.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]` of float32 or bfloat16.
  ///   - right: Columns of a matrix of `K` rows and the same precision.
  /// - Returns: Numbers of shape `[M, right.range.count]`.
  public static func product(_ left: Matrix, _ right: MatrixColumns) -> Tensor {
    let columns = right.range.count
    checkProduct(left.columns, right.matrix, transposed: false)
    var result = Tensor(uninitialisedShape: [left.rows, columns])
    unsafe result.withMutablePointer { output in
      unsafe left.withNumbers { numbers in
        // SAFETY: the sizes were checked above.
        unsafe right.matrix.multiply(
          numbers,
          MatrixColumns(left).shape,
          transposed: false,
          accumulates: false,
          columns: right.range,
          into: ProductOutput(output, stride: columns)
        )
      }
    }
    return result
  }
}

/// Fails unless the inner sizes of a product agree.
func checkProduct(_ inner: Int, _ right: Matrix, transposed: Bool) {
  precondition(
    inner == (transposed ? right.columns : right.rows),
    "rows of \(inner) times [\(right.rows), \(right.columns)], \(transposed ? "" : "not ")transposed"
  )
}
