import CDevFTKernels

/// Grouped-query attention over sequences packed one after the other, without padding.
///
/// `softmax(q kᵀ / √K + mask) v` for each head; head h uses key/value head `h / (H / G)`. The mask hides
/// later keys where attention is causal, and nothing where it is not. No
/// `[T, T]` matrix is kept; the backward pass computes the probabilities again. Queries, keys and
/// values stand side by side in a row, `[N, (H + 2·G)·K]`: what one product makes of a layer's input.
/// - SeeAlso: Ainslie et al., 2023, <https://arxiv.org/abs/2305.13245>.
public struct PackedAttention: Sendable {
  let headCount: Int
  let keyValueHeadCount: Int
  let headWidth: Int
  let isCausal: Bool

  /// Fixes the geometry.
  ///
  /// - Parameters:
  ///   - headCount: Query heads `H`.
  ///   - keyValueHeadCount: Key/value heads `G`, a divisor of `H`.
  ///   - headWidth: Width `K` of a head.
  ///   - isCausal: Whether a query sees no later key; it does not by default.
  public init(headCount: Int, keyValueHeadCount: Int, headWidth: Int, isCausal: Bool = true) {
    precondition(
      headCount % keyValueHeadCount == 0,
      "\(headCount) heads over \(keyValueHeadCount)"
    )
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headWidth = headWidth
    self.isCausal = isCausal
  }

  /// Columns of a row that hold queries, keys or values.
  public var queryColumns: Range<Int> { 0..<headCount * headWidth }
  /// Columns that hold keys.
  public var keyColumns: Range<Int> {
    queryColumns.upperBound..<queryColumns.upperBound + keyValueWidth
  }
  /// Columns that hold values.
  public var valueColumns: Range<Int> {
    keyColumns.upperBound..<keyColumns.upperBound + keyValueWidth
  }
  /// Columns that are rotated: queries and keys.
  public var rotatedColumns: Range<Int> { 0..<keyColumns.upperBound }

  var keyValueWidth: Int { keyValueHeadCount * headWidth }

  /// Attends over the keys of the same rows.
  ///
  /// - Parameters:
  ///   - heads: Queries, keys and values, `[N, (H + 2·G)·K]`.
  ///   - segments: The sequences, one after the other; together they cover every row.
  /// - Returns: `[N, H·K]`.
  public func forward(_ heads: Tensor, segments: [AttentionSegment]) -> Tensor {
    let rows = check(heads, segments: segments)
    var result = Tensor(uninitialisedShape: [rows, queryColumns.count])
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [heads]) { inputs in
        unsafe forward(
          inputs[0],
          keys: inputs[0] + keyColumns.lowerBound,
          values: inputs[0] + valueColumns.lowerBound,
          keyStride: valueColumns.upperBound,
          segments: segments,
          output: output
        )
      }
    }
    return result
  }

  /// Attends over cached keys.
  ///
  /// - Parameters:
  ///   - heads: Queries, keys and values, `[N, (H + 2·G)·K]`; of them only the queries are read.
  ///   - keys: All keys, `[M, G·K]`.
  ///   - values: All values, `[M, G·K]`.
  ///   - segments: The sequences, one after the other; together they cover every query row.
  /// - Returns: `[N, H·K]`.
  public func forward(
    _ heads: Tensor,
    keys: Tensor,
    values: Tensor,
    segments: [AttentionSegment]
  ) -> Tensor {
    precondition(
      keys.shape == values.shape && keys.columnCount == keyValueWidth,
      "keys \(keys.shape) and values \(values.shape) of \(keyValueWidth) columns"
    )
    let rows = check(heads, segments: segments, keyRows: keys.rowCount)
    var result = Tensor(uninitialisedShape: [rows, queryColumns.count])
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [heads, keys, values]) { inputs in
        unsafe forward(
          inputs[0],
          keys: inputs[1],
          values: inputs[2],
          keyStride: keyValueWidth,
          segments: segments,
          output: output
        )
      }
    }
    return result
  }

  /// Gradient of `forward` over the keys of the same rows.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the result, `[N, H·K]`.
  ///   - heads: As in the forward pass.
  ///   - segments: As in the forward pass, each with its own rows as keys.
  /// - Returns: Gradient of `heads`.
  public func gradient(
    _ gradient: Tensor,
    heads: Tensor,
    segments: [AttentionSegment]
  ) -> Tensor {
    let rows = check(heads, segments: segments)
    precondition(
      gradient.count == rows * queryColumns.count,
      "gradient \(gradient.shape) for \(heads.shape)"
    )
    precondition(segments.allSatisfy { $0.queries == $0.keys }, "a gradient with cached keys")
    var result = Tensor(uninitialisedShape: heads.shape)
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [heads, gradient]) { inputs in
        let heads = headCount / keyValueHeadCount
        forEachGroup(of: segments, keyStride: valueColumns.upperBound, heads: heads) { group in
          let count = unsafe devft_attention_backward_scratch([group.shape])
          let (key, value) = (
            keyColumns.lowerBound + group.keys, valueColumns.lowerBound + group.keys
          )
          // SAFETY: as in `forward`; each task owns its rows of one key/value head, and writes all.
          unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { scratch in
            unsafe devft_attention_backward(
              [group.shape],
              inputs[0] + group.queries,
              inputs[0] + key,
              inputs[0] + value,
              inputs[1] + group.output,
              output + group.queries,
              output + key,
              output + value,
              scratch.baseAddress
            )
          }
        }
      }
    }
    return result
  }

  private func forward(
    _ queries: UnsafePointer<Float>,
    keys: UnsafePointer<Float>,
    values: UnsafePointer<Float>,
    keyStride: Int,
    segments: [AttentionSegment],
    output: UnsafeMutablePointer<Float>
  ) {
    // Single queries leave nothing to share between the heads of a group.
    let isSingle = segments.allSatisfy { $0.queries.count == 1 }
    let heads = isSingle ? 1 : headCount / keyValueHeadCount
    forEachGroup(of: segments, keyStride: keyStride, heads: heads) { group in
      let count = unsafe devft_attention_forward_scratch([group.shape])
      // SAFETY: segments were checked to lie inside the tensors and to cover each query once.
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { scratch in
        unsafe devft_attention_forward(
          [group.shape],
          queries + group.queries,
          keys + group.keys,
          values + group.keys,
          output + group.output,
          scratch.baseAddress
        )
      }
    }
  }
}
