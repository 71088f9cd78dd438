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
