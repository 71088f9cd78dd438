/// `left · right`, term by term.
func referenceProduct(_ left: Grid, _ right: Grid) -> Grid {
  precondition(left.columns == right.rows, "\(left.columns) columns times \(right.rows) rows")
  var result = Grid(rows: left.rows, columns: right.columns)
  for row in 0..<left.rows {
    for inner in 0..<left.columns {
      let factor = left[row, inner]
      for column in 0..<right.columns { result[row, column] += factor * right[inner, column] }
    }
  }
  return result
}
