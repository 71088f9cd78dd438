import DevFTTensor

/// The weighted mean of equally long rows of numbers: `Σ w_k x_k / Σ w_k`, summed in `Double`.
///
/// - Parameters:
///   - rows: At least one row.
///   - weights: Weight of each row, above 0.
/// - Returns: The mean of each column.
func weightedMean(of rows: [[Float]], _ weights: [Double]) -> [Float] {
  let count = rows[0].count
  precondition(
    rows.allSatisfy { $0.count == count } && rows.count == weights.count,
    "rows of \(rows.map(\.count)) numbers with \(weights.count) weights"
  )
  let totalWeight = weights.reduce(0, +)
  var mean: [Float] = Array(repeating: 0, count: count)
  // Sums of one block stay in the nearest cache.
  let blockCount = 1024
  // Negative zero, so that one row of zeros keeps their signs.
  var sums: [Double] = Array(repeating: -0.0, count: blockCount)
  for start in stride(from: 0, to: count, by: blockCount) {
    let size = min(blockCount, count - start)
    for index in 0..<size { sums[index] = -0.0 }
    for (row, weight) in zip(rows, weights) {
      for index in 0..<size { sums[index] += Double(row[start + index]) * weight }
    }
    for index in 0..<size { mean[start + index] = Float(sums[index] / totalWeight) }
  }
  return mean
}

/// The weighted mean of adapters of equal layers, names and shapes, number by number.
///
/// - Parameters:
///   - adapters: At least one, each one set a layer.
///   - weights: Weight of each, above 0.
/// - Returns: One set a layer.
func weightedMean(of adapters: [[NamedTensors]], _ weights: [Double]) -> [NamedTensors] {
  adapters[0].indices.map { layer in
    adapters[0][layer].map { name, tensor in
      let rows = adapters.map { $0[layer][name]?.elements ?? [] }
      return Tensor(shape: tensor.shape, elements: weightedMean(of: rows, weights))
    }
  }
}
