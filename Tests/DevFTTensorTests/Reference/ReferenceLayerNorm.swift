/// `(x − mean(x)) / √(variance(x) + ε) · gain + bias`, row by row.
func referenceLayerNorm(_ x: Grid, gain: [Double], bias: [Double], epsilon: Double) -> Grid {
  var result = x
  for row in 0..<x.rows {
    let numbers = (0..<x.columns).map { x[row, $0] }
    let mean = numbers.reduce(0, +) / Double(x.columns)
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.columns)
    let scale = 1 / (variance + epsilon).squareRoot()
    for column in 0..<x.columns {
      result[row, column] = (x[row, column] - mean) * scale * gain[column] + bias[column]
    }
  }
  return result
}
