import CLAPACKE
import DevFTTensor

/// A small matrix in `Double`, for the server's algebra of factors.
struct DenseMatrix {
  /// Number of rows.
  let rowCount: Int
  /// Number of columns.
  let columnCount: Int
  /// Elements, row after row.
  var elements: [Double]

  /// A matrix of zeros.
  init(rowCount: Int, columnCount: Int) {
    (self.rowCount, self.columnCount) = (rowCount, columnCount)
    elements = Array(repeating: 0, count: rowCount * columnCount)
  }

  /// The numbers of a tensor of two axes.
  init(_ tensor: Tensor) {
    (rowCount, columnCount) = (tensor.rowCount, tensor.columnCount)
    elements = tensor.elements.map(Double.init)
  }

  /// An element.
  subscript(row: Int, column: Int) -> Double {
    get { elements[row * columnCount + column] }
    set { elements[row * columnCount + column] = newValue }
  }

  /// Rows and columns exchanged.
  var transposed: DenseMatrix {
    var result = DenseMatrix(rowCount: columnCount, columnCount: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The numbers, rounded.
  var tensor: Tensor { Tensor(shape: [rowCount, columnCount], elements: elements.map(Float.init)) }

  /// Sum of the squares.
  var squaredNorm: Double { elements.reduce(0) { $0 + $1 * $1 } }

  /// The product `self · other`, summed row by row in one order.
  ///
  /// - Parameter other: As many rows as this has columns.
  /// - Returns: `[rows, other's columns]`.
  func times(_ other: DenseMatrix) -> DenseMatrix {
    precondition(columnCount == other.rowCount, "\(columnCount) columns, \(other.rowCount) rows")
    var result = DenseMatrix(rowCount: rowCount, columnCount: other.columnCount)
    for row in 0..<rowCount {
      for inner in 0..<columnCount {
        let factor = self[row, inner]
        let (target, source) = (row * other.columnCount, inner * other.columnCount)
        for column in 0..<other.columnCount {
          result.elements[target + column] += factor * other.elements[source + column]
        }
      }
    }
    return result
  }

  /// The first rows.
  func rows(_ count: Int) -> DenseMatrix {
    var result = DenseMatrix(rowCount: count, columnCount: columnCount)
    result.elements = Array(elements.prefix(count * columnCount))
    return result
  }
}

// MARK: - LAPACK

extension DenseMatrix {
  /// Solves `X S = self` for a symmetric positive definite `S`.
  ///
  /// - Parameter matrix: `S`, as many rows and columns as this has columns.
  /// - Returns: `X`, of this shape.
  /// - Throws: `FederationError` with code `notSolvable` when `S` is not positive definite.
  func divided(by matrix: DenseMatrix) throws(FederationError) -> DenseMatrix {
    var (factor, solution) = (matrix.elements, self)
    let order = Int32(columnCount)
    // Rows here are columns there: S Xᵀ = selfᵀ.
    // SAFETY: `factor` holds order × order numbers, `solution` as many rows of order numbers.
    let info = unsafe LAPACKE_dposv(
      LAPACK_COL_MAJOR,
      CChar(UInt8(ascii: "U")),
      order,
      Int32(rowCount),
      &factor,
      order,
      &solution.elements,
      order
    )
    guard info == 0 else {
      throw FederationError(.notSolvable, "LAPACK's dposv ended with \(info), order \(order)")
    }
    return solution
  }

  /// The factors `Q R` with orthonormal columns in `Q`.
  ///
  /// - Returns: `Q`, `[rows, k]`, and `R`, `[k, columns]`, with `k` the smaller of rows and columns.
  /// - Throws: `FederationError` with code `notSolvable`.
  func orthonormalised() throws(FederationError) -> (q: DenseMatrix, r: DenseMatrix) {
    let (rows, columns, rank) = (rowCount, columnCount, min(rowCount, columnCount))
    var (work, scales) = (self, Array(repeating: 0.0, count: rank))
    // SAFETY: `work` holds rows × columns numbers, `scales` one for each reflection.
    var info = unsafe LAPACKE_dgeqrf(
      LAPACK_ROW_MAJOR,
      Int32(rows),
      Int32(columns),
      &work.elements,
      Int32(columns),
      &scales
    )
    var r = DenseMatrix(rowCount: rank, columnCount: columns)
    for row in 0..<rank { for column in row..<columns { r[row, column] = work[row, column] } }
    var q = DenseMatrix(rowCount: rows, columnCount: rank)
    for row in 0..<rows { for column in 0..<rank { q[row, column] = work[row, column] } }
    // SAFETY: `q` holds rows × rank numbers, `scales` rank.
    info |= unsafe LAPACKE_dorgqr(
      LAPACK_ROW_MAJOR,
      Int32(rows),
      Int32(rank),
      Int32(rank),
      &q.elements,
      Int32(rank),
      &scales
    )
    guard info == 0 else {
      throw FederationError(.notSolvable, "LAPACK's dgeqrf or dorgqr ended with \(info)")
    }
    return (q, r)
  }

  /// The singular value decomposition `U diag(s) Vᵀ`, values descending.
  ///
  /// - Returns: `U`, `[rows, k]`; `s`; `Vᵀ`, `[k, columns]`, with `k` the smaller of rows and columns.
  /// - Throws: `FederationError` with code `notSolvable`.
  func singularValues() throws(FederationError) -> (u: DenseMatrix, s: [Double], vt: DenseMatrix) {
    let (rows, columns, rank) = (rowCount, columnCount, min(rowCount, columnCount))
    var (work, values) = (elements, Array(repeating: 0.0, count: rank))
    var rest = Array(repeating: 0.0, count: max(1, rank))
    var u = DenseMatrix(rowCount: rows, columnCount: rank)
    var vt = DenseMatrix(rowCount: rank, columnCount: columns)
    let small = CChar(UInt8(ascii: "S"))
    // SAFETY: all five arrays have the sizes that dgesvd asks for with "S".
    let info = unsafe LAPACKE_dgesvd(
      LAPACK_ROW_MAJOR,
      small,
      small,
      Int32(rows),
      Int32(columns),
      &work,
      Int32(columns),
      &values,
      &u.elements,
      Int32(rank),
      &vt.elements,
      Int32(columns),
      &rest
    )
    guard info == 0 else {
      throw FederationError(.notSolvable, "LAPACK's dgesvd ended with \(info)")
    }
    return (u, values, vt)
  }
}
