import DevFTTensor

extension PackedAttention {
  /// Attention of queries, keys and values that are given one by one; keys and values that have other
  /// rows than the queries count as cached.
  func forward(q: Tensor, k: Tensor, v: Tensor, segments: [AttentionSegment]) -> Tensor {
    if q.rowCount == k.rowCount, segments.allSatisfy({ $0.queries == $0.keys }) {
      return forward(sideBySide([q, k, v]), segments: segments)
    }
    let unread = Tensor(repeating: .nan, shape: [q.rowCount, k.columnCount])
    return forward(sideBySide([q, unread, unread]), keys: k, values: v, segments: segments)
  }

  /// Its gradient.
  func gradient(
    _ gradient: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    segments: [AttentionSegment]
  ) -> (q: Tensor, k: Tensor, v: Tensor) {
    let found = self.gradient(gradient, heads: sideBySide([q, k, v]), segments: segments)
    let rows = 0..<found.rowCount
    return (
      found.columns(queryColumns, ofRows: rows), found.columns(keyColumns, ofRows: rows),
      found.columns(valueColumns, ofRows: rows)
    )
  }
}

/// Tensors of as many rows, side by side.
func sideBySide(_ parts: [Tensor]) -> Tensor {
  var elements: [Float] = []
  for row in 0..<parts[0].rowCount {
    for part in parts { elements += part.elements[part.range(ofRow: row)] }
  }
  let columns = parts.reduce(0) { $0 + $1.columnCount }
  return Tensor(shape: [parts[0].rowCount, columns], elements: elements)
}
