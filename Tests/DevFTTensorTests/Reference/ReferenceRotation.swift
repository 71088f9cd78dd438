import Foundation

/// Rotates the pairs (i, i + K/2) of each head by `position · frequency`.
///
/// The angle is rounded to float32 before its sine is taken, as models were trained with.
func referenceRotation(_ x: Grid, positions: [Int32], frequencies: [Double]) -> Grid {
  let half = frequencies.count
  var result = x
  for row in 0..<x.rows {
    for head in stride(from: 0, to: x.columns, by: 2 * half) {
      for pair in 0..<half {
        let angle = Double(Float(positions[row]) * Float(frequencies[pair]))
        let (a, b) = (x[row, head + pair], x[row, head + pair + half])
        result[row, head + pair] = a * cos(angle) - b * sin(angle)
        result[row, head + pair + half] = a * sin(angle) + b * cos(angle)
      }
    }
  }
  return result
}
