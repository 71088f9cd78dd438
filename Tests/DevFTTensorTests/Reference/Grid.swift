import DevFTTensor

/// Rows and columns of double-precision numbers: what the naive twins of the kernels work on.
///
/// The twins are written to be obviously right: one formula a loop, no blocks, no lanes.
struct Grid: Equatable {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) for [\(rows), \(columns)]")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
  }

  init(_ tensor: Tensor) {
    let values = tensor.elements.map { Double($0) }
    self.init(rows: tensor.rowCount, columns: tensor.columnCount, values: values)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The same shape with other numbers.
  func with(_ values: [Double]) -> Grid { Grid(rows: rows, columns: columns, values: values) }

  var transposed: Grid {
    var result = Grid(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }
}

/// The reference numbers as float32, for values that are exact there.
func float32(_ grid: Grid) -> Tensor {
  Tensor(shape: [grid.rows, grid.columns], elements: grid.values.map { Float($0) })
}
