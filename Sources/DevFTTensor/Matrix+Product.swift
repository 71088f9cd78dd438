import COneDNN

extension Tensor {
  /// Writes or adds a matrix product into this tensor.
  ///
  /// `self (+)= left · right`, or `left · rightᵀ`. The result does not depend on the number of
  /// threads.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]`.
  ///   - right: Operand `[K, N]`, or `[N, K]` when transposed; of the same precision.
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
    let shape = devft_matmul_shape(
      rows: left.rows,
      columns: columns,
      inner: inner,
      bfloat16: left.precision == .bfloat16,
      right_transposed: transposed,
      accumulates: accumulates,
      left_stride: left.columns,
      right_stride: right.columns,
      output_stride: columns
    )
    let status = unsafe withOperands(left, right) { leftNumbers, rightNumbers in
      unsafe elements.withUnsafeMutableBufferPointer { output in
        // SAFETY: the sizes were checked above; the call writes `M · N` numbers and keeps nothing.
        unsafe devft_matmul([shape], leftNumbers, rightNumbers, output.baseAddress)
      }
    }
    precondition(status == 0, "oneDNN has no product of \(left.precision) matrices: \(status)")
  }

  /// The product `left · right` or `left · rightᵀ` as a new tensor.
  ///
  /// - Parameters:
  ///   - left: Operand `[M, K]`.
  ///   - right: Operand `[K, N]`, or `[N, K]` when transposed; of the same precision.
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

/// Calls `body` with the first number of both operands.
private func withOperands(
  _ left: Matrix,
  _ right: Matrix,
  _ body: (UnsafeRawPointer?, UnsafeRawPointer?) -> Int32
) -> Int32 {
  switch (left.storage, right.storage) {
  case (.float32(let a), .float32(let b)):
    unsafe a.withUnsafeBytes { a in
      unsafe b.withUnsafeBytes { b in unsafe body(a.baseAddress, b.baseAddress) }
    }
  case (.bfloat16(let a), .bfloat16(let b)):
    unsafe a.withUnsafeBytes { a in
      unsafe b.withUnsafeBytes { b in unsafe body(a.baseAddress, b.baseAddress) }
    }
  default:
    preconditionFailure("a product of \(left.precision) and \(right.precision) matrices")
  }
}
