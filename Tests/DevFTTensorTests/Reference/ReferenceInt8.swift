/// Numbers rounded to whole multiples of a scale, row by row: `scale = max |x| / 127`.
func referenceInt8Rows(_ grid: Grid) -> Grid {
  var result = grid
  for row in 0..<grid.rows {
    let places = 0..<grid.columns
    let largest = places.reduce(0.0) { max($0, abs(grid[row, $1])) }
    guard largest > 0 else { continue }
    let scale = largest / 127
    for column in places {
      result[row, column] = scale * (grid[row, column] / scale).rounded(.toNearestOrEven)
    }
  }
  return result
}
