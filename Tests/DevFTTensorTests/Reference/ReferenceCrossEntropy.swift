import Foundation

/// `log Σ e^z − z_target` of each row.
func referenceCrossEntropy(_ logits: Grid, targets: [Int32]) -> [Double] {
  (0..<logits.rows).map { row in
    let values = Array(logits.values[row * logits.columns..<(row + 1) * logits.columns])
    let maximum = values.max() ?? 0
    let sum = values.reduce(0) { $0 + exp($1 - maximum) }
    return maximum + log(sum) - logits[row, Int(targets[row])]
  }
}

/// `scale (softmax(z) − onehot(target))` of each row.
func referenceCrossEntropyGradient(_ logits: Grid, targets: [Int32], scale: Double) -> Grid {
  var result = logits
  for row in 0..<logits.rows {
    let range = row * logits.columns..<(row + 1) * logits.columns
    for (column, probability) in softmax(Array(logits.values[range])).enumerated() {
      let hit = column == Int(targets[row]) ? 1.0 : 0
      result[row, column] = scale * (probability - hit)
    }
  }
  return result
}
