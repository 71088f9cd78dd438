/// Neighbouring columns of a matrix of float32 or bfloat16 in memory: one projection's part of what
/// several were computed into together.
public struct MatrixColumns: Sendable {
  let matrix: Matrix
  package let range: Range<Int>

  /// Chooses columns.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - range: Columns, inside the matrix; all of them if `nil`.
  public init(_ matrix: Matrix, _ range: Range<Int>? = nil) {
    self.matrix = matrix
    self.range = range ?? 0..<matrix.columns
    precondition(
      self.range.lowerBound >= 0 && self.range.upperBound <= matrix.columns,
      "columns \(self.range) of \(matrix.columns)"
    )
  }

  var shape: LeftShape {
    LeftShape(rows: matrix.rows, stride: matrix.columns, precision: matrix.precision)
  }

  /// Lends the first number.
  func withNumbers(_ body: (UnsafeRawPointer?) -> Void) {
    unsafe matrix.withNumbers { numbers in
      // SAFETY: the columns lie inside the first row, or there is no row.
      unsafe body(numbers.map { unsafe $0 + range.lowerBound * matrix.precision.byteCount })
    }
  }
}

/// Rows of the left operand of a product, the distance between them in numbers, and their type.
struct LeftShape {
  let rows: Int
  let stride: Int
  let precision: Precision
}

/// Where a product writes: the first number, the distance between rows in numbers, and their type,
/// float32 or bfloat16.
@unsafe struct ProductOutput {
  let numbers: UnsafeMutableRawPointer
  let stride: Int
  let precision: Precision

  init(_ numbers: UnsafeMutablePointer<Float>, stride: Int) {
    unsafe self.numbers = UnsafeMutableRawPointer(numbers)
    unsafe self.stride = stride
    unsafe precision = .float32
  }

  init(_ numbers: UnsafeMutablePointer<UInt16>, stride: Int) {
    unsafe self.numbers = UnsafeMutableRawPointer(numbers)
    unsafe self.stride = stride
    unsafe precision = .bfloat16
  }
}
