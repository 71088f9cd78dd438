import DevFTTensor
import Foundation

/// Grouped-query attention, with the whole matrix of probabilities.
struct ReferenceAttention {
  let headCount: Int
  let keyValueHeadCount: Int
  let headWidth: Int
  var isCausal = true

  func forward(q: Grid, k: Grid, v: Grid, segments: [AttentionSegment]) -> Grid {
    var output = Grid(rows: q.rows, columns: q.columns)
    forEachQuery(q: q, k: k, segments: segments) { query, qColumn, kColumn, keys, probabilities in
      for (key, probability) in zip(keys, probabilities) {
        for d in 0..<headWidth {
          output[query, qColumn + d] += probability * v[key, kColumn + d]
        }
      }
    }
    return output
  }

  func gradient(_ gradient: Grid, q: Grid, k: Grid, v: Grid, segments: [AttentionSegment])
    -> (q: Grid, k: Grid, v: Grid)
  {
    var qGradient = Grid(rows: q.rows, columns: q.columns)
    var kGradient = Grid(rows: k.rows, columns: k.columns)
    var vGradient = kGradient
    let scale = 1 / Double(headWidth).squareRoot()
    forEachQuery(q: q, k: k, segments: segments) { query, qColumn, kColumn, keys, probabilities in
      let byProbability = keys.map { key in
        dot(gradient, query, qColumn, v, key, kColumn)
      }
      let mean = zip(probabilities, byProbability).reduce(0) { $0 + $1.0 * $1.1 }
      for (index, key) in keys.enumerated() {
        let byScore = probabilities[index] * (byProbability[index] - mean) * scale
        for d in 0..<headWidth {
          vGradient[key, kColumn + d] += probabilities[index] * gradient[query, qColumn + d]
          qGradient[query, qColumn + d] += byScore * k[key, kColumn + d]
          kGradient[key, kColumn + d] += byScore * q[query, qColumn + d]
        }
      }
    }
    return (qGradient, kGradient, vGradient)
  }

  /// Visits every (query, head) with its first columns, the keys it sees and their probabilities.
  private func forEachQuery(
    q: Grid,
    k: Grid,
    segments: [AttentionSegment],
    _ body: (Int, Int, Int, Range<Int>, [Double]) -> Void
  ) {
    for segment in segments {
      for (index, query) in segment.queries.enumerated() {
        let unseen = isCausal ? segment.queries.count - 1 - index : 0
        let keys = segment.keys.lowerBound..<segment.keys.upperBound - unseen
        for head in 0..<headCount {
          let qColumn = head * headWidth
          let kColumn = head / (headCount / keyValueHeadCount) * headWidth
          let scores = keys.map { key in
            dot(q, query, qColumn, k, key, kColumn) / Double(headWidth).squareRoot()
          }
          body(query, qColumn, kColumn, keys, softmax(scores))
        }
      }
    }
  }

  private func dot(_ a: Grid, _ row: Int, _ column: Int, _ b: Grid, _ other: Int, _ start: Int)
    -> Double
  {
    (0..<headWidth).reduce(0) { $0 + a[row, column + $1] * b[other, start + $1] }
  }
}

/// `e^z / Σ e^z`.
func softmax(_ scores: [Double]) -> [Double] {
  let maximum = scores.max() ?? 0
  let powers = scores.map { exp($0 - maximum) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
