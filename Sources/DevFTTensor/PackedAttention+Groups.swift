import CDevFTKernels

extension PackedAttention {
  /// The query heads of a sequence that share a key/value head: the kernel's shape, and where their
  /// numbers begin.
  struct Group {
    let shape: devft_attention_shape
    let queries, keys, output: Int
  }

  /// Visits the heads of each sequence in parallel.
  ///
  /// - Parameters:
  ///   - segments: The sequences.
  ///   - keyStride: Distance between rows of keys.
  ///   - heads: Query heads that one task works on, all of one key/value head.
  ///   - body: The task.
  func forEachGroup(
    of segments: [AttentionSegment],
    keyStride: Int,
    heads: Int,
    _ body: (Group) -> Void
  ) {
    let groupCount = headCount / heads
    let rowWidth = valueColumns.upperBound
    parallelFor(segments.count * groupCount) { index in
      let segment = segments[index / groupCount]
      let group = index % groupCount
      let shape = devft_attention_shape(
        queries: segment.queries.count,
        keys: segment.keys.count,
        bidirectional: isCausal ? 0 : 1,
        heads: heads,
        width: headWidth,
        q_stride: rowWidth,
        kv_stride: keyStride,
        output_stride: queryColumns.count,
        scale: 1 / Float(headWidth).squareRoot()
      )
      let column = group * heads * headWidth
      body(
        Group(
          shape: shape,
          queries: segment.queries.lowerBound * rowWidth + column,
          keys: segment.keys.lowerBound * keyStride
            + group * keyValueHeadCount / groupCount * headWidth,
          output: segment.queries.lowerBound * queryColumns.count + column
        )
      )
    }
  }

  /// Fails unless segments fit; returns the number of query rows.
  func check(
    _ heads: Tensor,
    segments: [AttentionSegment],
    keyRows: Int? = nil
  ) -> Int {
    precondition(
      heads.columnCount == valueColumns.upperBound,
      "heads \(heads.shape) for \(headCount)/\(keyValueHeadCount) heads of \(headWidth)"
    )
    let keyRows = keyRows ?? heads.rowCount
    var covered = 0
    for segment in segments {
      precondition(
        segment.queries.lowerBound == covered,
        "a segment starts at query \(segment.queries.lowerBound) instead of \(covered)"
      )
      precondition(
        segment.keys.lowerBound >= 0 && segment.keys.upperBound <= keyRows,
        "a segment sees keys \(segment.keys) of \(keyRows)"
      )
      covered = segment.queries.upperBound
    }
    precondition(
      covered == heads.rowCount,
      "segments cover \(covered) of \(heads.rowCount) queries"
    )
    return heads.rowCount
  }
}
