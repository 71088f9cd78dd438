import COneDNN

/// A second product that is added to columns of a first one tile by tile, while the tile is in the
/// cache.
///
/// An adapter's share of a linear map: `x Wᵀ + h Bᵀ`, or of its gradient: `y W + g A`.
public struct ProductTerm {
  let left: MatrixColumns
  let right: Matrix
  let firstColumn: Int

  /// Describes a product.
  ///
  /// - Parameters:
  ///   - left: Operand of float32 or bfloat16 in memory, with as many rows as the first product's.
  ///   - right: Operand of the same precision, in the layout of the first product's.
  ///   - firstColumn: Column of the first product from which on the term is added.
  public init(_ left: MatrixColumns, _ right: Matrix, firstColumn: Int = 0) {
    self.left = left
    self.right = right
    self.firstColumn = firstColumn
  }

  /// Lends terms in C's form.
  static func lend(
    _ terms: [ProductTerm],
    to shape: devft_matmul_shape,
    _ body: (UnsafeBufferPointer<devft_second_term>) -> Int32
  ) -> Int32 {
    unsafe lend(terms[...], described: [], to: shape, body)
  }

  private static func lend(
    _ terms: ArraySlice<ProductTerm>,
    described: [devft_second_term],
    to shape: devft_matmul_shape,
    _ body: (UnsafeBufferPointer<devft_second_term>) -> Int32
  ) -> Int32 {
    guard let term = terms.first else {
      return unsafe described.withUnsafeBufferPointer { unsafe body($0) }
    }
    term.check(against: shape)
    var status: Int32 = 0
    unsafe term.left.withNumbers { left in
      unsafe term.right.withNumbers { right in
        // SAFETY: the sizes were checked above; the numbers live for the time of the call.
        let description = unsafe devft_second_term(
          left: left,
          right: right,
          inner: term.left.range.count,
          type: term.right.precision.number,
          left_stride: term.left.matrix.columns,
          right_stride: term.right.columns,
          first_column: term.firstColumn,
          columns: shape.right_transposed ? term.right.rows : term.right.columns
        )
        unsafe status = lend(
          terms.dropFirst(),
          described: described + [description],
          to: shape,
          body
        )
      }
    }
    return status
  }

  private func check(against shape: devft_matmul_shape) {
    let transposed = shape.right_transposed
    precondition(
      left.matrix.rows == shape.rows && left.matrix.precision == right.precision
        && firstColumn >= 0
        && firstColumn + (transposed ? right.rows : right.columns) <= shape.columns
        && left.range.count == (transposed ? right.columns : right.rows),
      "a second term [\(left.matrix.rows), \(left.range.count)] times [\(right.rows), "
        + "\(right.columns)] at column \(firstColumn) of \(shape.columns)"
    )
  }

  /// Adds the product by itself to rows of float32.
  func add(to output: UnsafeMutablePointer<Float>, stride: Int, transposed: Bool) {
    unsafe left.withNumbers { numbers in
      // SAFETY: the caller vouches for the output.
      unsafe right.multiply(
        numbers,
        left.shape,
        transposed: transposed,
        accumulates: true,
        into: ProductOutput(output + firstColumn, stride: stride)
      )
    }
  }
}

extension Precision {
  /// The type's name in C.
  var number: devft_number {
    switch self {
    case .float32: DEVFT_FLOAT32
    case .bfloat16: DEVFT_BFLOAT16
    case .int8: DEVFT_INT8
    }
  }
}
