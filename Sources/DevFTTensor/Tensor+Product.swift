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

extension Matrix {
  /// The product `left · right` or `left · rightᵀ` as an operand of further ones.
  ///
  /// Sums are float32 and rounded once, tile by tile.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]` of float32 or bfloat16.
  ///   - right: Operand `[K, N]`, or `[N, K]` when transposed.
  ///   - transposed: Whether `right` is stored transposed.
  ///   - terms: Second products that are added.
  /// - Returns: Numbers of shape `[M, N]` in the left operand's precision.
  public static func product(
    _ left: Matrix,
    _ right: Matrix,
    transposingRight transposed: Bool,
    plus terms: [ProductTerm] = []
  ) -> Matrix {
    guard left.precision == .bfloat16, left.rows > 1 else {
      let result = Tensor.product(left, right, transposingRight: transposed, plus: terms)
      return Matrix(result, precision: left.precision)
    }
    checkProduct(left.columns, right, transposed: transposed)
    let columns = transposed ? right.rows : right.columns
    return unsafe Matrix(bfloat16Rows: left.rows, columns: columns) { output in
      unsafe left.withNumbers { numbers in
        // SAFETY: the result has room for `left.rows` rows of `columns` numbers.
        unsafe right.multiply(
          numbers,
          MatrixColumns(left).shape,
          transposed: transposed,
          accumulates: false,
          plus: terms,
          into: ProductOutput(output, stride: columns)
        )
      }
    }
  }

  /// Products `left · right` of the same rows, side by side.
  ///
  /// - Parameter factors: Columns of a matrix of float32 or bfloat16, and the matrix they are
  ///   multiplied by; at least one pair, all of as many rows and one precision.
  /// - Returns: As many columns as the right matrices have together, in the left operands' precision.
  public static func productsSideBySide(
    _ factors: [(left: MatrixColumns, right: Matrix)]
  ) -> Matrix {
    let rows = factors[0].left.matrix.rows
    let precision = factors[0].left.matrix.precision
    let columns = factors.reduce(0) { $0 + $1.right.columns }
    for (left, right) in factors {
      precondition(left.matrix.rows == rows, "\(left.matrix.rows) rows beside \(rows)")
      checkProduct(left.range.count, right, transposed: false)
    }
    func multiply<Number>(
      into output: UnsafeMutablePointer<Number>,
      _ place: (UnsafeMutablePointer<Number>) -> ProductOutput
    ) {
      var column = 0
      for (left, right) in factors {
        unsafe left.withNumbers { numbers in
          // SAFETY: each product has its own columns of the result.
          unsafe right.multiply(
            numbers,
            left.shape,
            transposed: false,
            accumulates: false,
            into: place(output + column)
          )
        }
        column += right.columns
      }
    }
    if precision == .bfloat16 {
      return unsafe Matrix(bfloat16Rows: rows, columns: columns) { output in
        unsafe multiply(into: output) { unsafe ProductOutput($0, stride: columns) }
      }
    }
    var result = Tensor(uninitialisedShape: [rows, columns])
    unsafe result.withMutablePointer { output in
      unsafe multiply(into: output) { unsafe ProductOutput($0, stride: columns) }
    }
    return Matrix(result, precision: precision)
  }

  /// A matrix whose numbers are written by a function, all of them.
  private init(
    bfloat16Rows rows: Int,
    columns: Int,
    _ write: (UnsafeMutablePointer<UInt16>) -> Void
  ) {
    // SAFETY: the caller writes every number.
    let numbers = unsafe [UInt16](unsafeUninitializedCapacity: rows * columns) { numbers, filled in
      if let numbers = numbers.baseAddress { unsafe write(numbers) }
      filled = rows * columns
    }
    self.init(rows: rows, columns: columns, storage: .bfloat16(numbers))
  }
}

/// Fails unless the inner sizes of a product agree.
private func checkProduct(_ inner: Int, _ right: Matrix, transposed: Bool) {
  precondition(
    inner == (transposed ? right.columns : right.rows),
    "rows of \(inner) times [\(right.rows), \(right.columns)], \(transposed ? "" : "not ")transposed"
  )
}
