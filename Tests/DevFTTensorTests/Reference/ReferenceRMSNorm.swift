/// `x / √(mean(x²) + ε) · gain`, row by row.
func referenceRMSNorm(_ x: Grid, gain: [Double], epsilon: Double) -> Grid {
  var result = x
  for row in 0..<x.rows {
    let scale = inverseRoot(of: x, row: row, epsilon: epsilon)
    for column in 0..<x.columns { result[row, column] = x[row, column] * scale * gain[column] }
  }
  return result
}

/// Its gradient: `scale (g_i gain_i − x_i scale² / D · Σ g_j gain_j x_j)`.
func referenceRMSNormGradient(_ gradient: Grid, x: Grid, gain: [Double], epsilon: Double) -> Grid {
  var result = x
  for row in 0..<x.rows {
    let scale = inverseRoot(of: x, row: row, epsilon: epsilon)
    var along = 0.0
    for column in 0..<x.columns {
      along += gradient[row, column] * gain[column] * x[row, column]
    }
    along *= scale * scale / Double(x.columns)
    for column in 0..<x.columns {
      result[row, column] = scale * (gradient[row, column] * gain[column] - x[row, column] * along)
    }
  }
  return result
}

private func inverseRoot(of x: Grid, row: Int, epsilon: Double) -> Double {
  var sum = 0.0
  for column in 0..<x.columns { sum += x[row, column] * x[row, column] }
  return 1 / (sum / Double(x.columns) + epsilon).squareRoot()
}
