import COneDNN

/// A second product that is added to a first one tile by tile, while the tile is in the cache.
///
/// An adapter's share of a linear map: `x Wᵀ + h Bᵀ`, or of its gradient: `y W + g A`.
public struct ProductTerm {
  let left: Matrix
  let right: Matrix

  /// Describes a product.
  ///
  /// - Parameters:
  ///   - left: Operand of float32 or bfloat16 in memory, with as many rows as the first product's.
  ///   - right: Operand of the same precision, in the layout of the first product's.
  public init(_ left: Matrix, _ right: Matrix) {
    self.left = left
    self.right = right
  }

  /// Lends a term in C's form, or nothing.
  static func lend(
    _ term: ProductTerm?,
    to shape: devft_matmul_shape,
    _ body: (UnsafePointer<devft_second_term>?) -> Int32
  ) -> Int32 {
    guard let term else { return body(nil) }
    let (left, right) = (term.left, term.right)
    let transposed = shape.right_transposed
    precondition(
      left.rows == shape.rows && left.precision == right.precision
        && (transposed ? right.rows : right.columns) == shape.columns
        && left.columns == (transposed ? right.columns : right.rows),
      "a second term [\(left.rows), \(left.columns)] times [\(right.rows), \(right.columns)]"
    )
    var status: Int32 = 0
    unsafe left.withNumbers { leftNumbers in
      unsafe right.withNumbers { rightNumbers in
        // SAFETY: the sizes were checked above; the numbers live for the time of the call.
        var description = unsafe devft_second_term(
          left: leftNumbers,
          right: rightNumbers,
          inner: left.columns,
          type: left.precision.number,
          left_stride: left.columns,
          right_stride: right.columns
        )
        unsafe status = body(&description)
      }
    }
    return status
  }

  /// Adds the product by itself.
  func add(to output: UnsafeMutablePointer<Float>, transposed: Bool) {
    unsafe left.withNumbers { numbers in
      // SAFETY: the caller vouches for the output.
      unsafe right.multiply(
        numbers,
        LeftShape(rows: left.rows, stride: left.columns, precision: left.precision),
        transposed: transposed,
        accumulates: true,
        into: output
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
