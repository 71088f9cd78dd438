import CDevFTKernels

/// Rows of one sequence: its queries, and the keys and values that they may see.
public struct AttentionSegment: Hashable, Sendable {
  /// Rows of the query tensor.
  public var queries: Range<Int>
  /// Rows of the key and value tensors; the last query sees them all, the one before all but one.
  public var keys: Range<Int>

  /// Describes a sequence.
  ///
  /// - Parameters:
  ///   - queries: Rows of the query tensor.
  ///   - keys: Rows of the key and value tensors, at least as many.
  public init(queries: Range<Int>, keys: Range<Int>) {
    precondition(keys.count >= queries.count, "\(queries.count) queries see \(keys.count) keys")
    self.queries = queries
    self.keys = keys
  }
}

/// Causal grouped-query attention over sequences packed one after the other, without padding.
///
/// `softmax(q kᵀ / √K + mask) v` for each head; head h uses key/value head `h / (H / G)`. No
/// `[T, T]` matrix is kept; the backward pass computes the probabilities again.
/// - SeeAlso: Ainslie et al., 2023, <https://arxiv.org/abs/2305.13245>.
public struct CausalAttention: Sendable {
  private let headCount: Int
  private let keyValueHeadCount: Int
  private let headWidth: Int

  /// Fixes the geometry.
  ///
  /// - Parameters:
  ///   - headCount: Query heads `H`.
  ///   - keyValueHeadCount: Key/value heads `G`, a divisor of `H`.
  ///   - headWidth: Width `K` of a head.
  public init(headCount: Int, keyValueHeadCount: Int, headWidth: Int) {
    precondition(
      headCount % keyValueHeadCount == 0,
      "\(headCount) heads over \(keyValueHeadCount)"
    )
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headWidth = headWidth
  }

  /// Attends.
  ///
  /// - Parameters:
  ///   - q: Queries, `[N, H · K]`.
  ///   - k: Keys, `[M, G · K]`.
  ///   - v: Values, `[M, G · K]`.
  ///   - segments: The sequences, one after the other; together they cover every query row.
  /// - Returns: `[N, H · K]`.
  public func forward(q: Tensor, k: Tensor, v: Tensor, segments: [AttentionSegment]) -> Tensor {
    check(q: q, k: k, v: v, segments: segments)
    var result = Tensor(uninitialisedShape: q.shape)
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [q, k, v]) { inputs in
        forEachGroup(of: segments) { shape, queryOffset, keyOffset in
          let count = unsafe devft_attention_forward_scratch([shape])
          // SAFETY: segments were checked to lie inside the tensors and to cover each query once.
          unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { scratch in
            unsafe devft_attention_forward(
              [shape],
              inputs[0] + queryOffset,
              inputs[1] + keyOffset,
              inputs[2] + keyOffset,
              output + queryOffset,
              scratch.baseAddress
            )
          }
        }
      }
    }
    return result
  }

  /// Gradient of `forward` for segments whose queries and keys are the same rows.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the result, `[N, H · K]`.
  ///   - q: As in the forward pass.
  ///   - k: As in the forward pass.
  ///   - v: As in the forward pass.
  ///   - segments: As in the forward pass.
  /// - Returns: Gradients of the shapes of `q`, `k` and `v`.
  public func gradient(
    _ gradient: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    segments: [AttentionSegment]
  ) -> (q: Tensor, k: Tensor, v: Tensor) {
    check(q: q, k: k, v: v, segments: segments)
    precondition(gradient.shape == q.shape, "gradient \(gradient.shape) for \(q.shape)")
    precondition(segments.allSatisfy { $0.queries == $0.keys }, "a gradient with cached keys")
    var (qGradient, kGradient) = (Tensor(uninitialisedShape: q.shape), Tensor(shape: k.shape))
    var vGradient = Tensor(shape: v.shape)
    unsafe qGradient.withMutablePointer { qOutput in
      unsafe kGradient.withMutablePointer { kOutput in
        unsafe vGradient.withMutablePointer { vOutput in
          unsafe withPointers(to: [q, k, v, gradient]) { inputs in
            forEachGroup(of: segments) { shape, queryOffset, keyOffset in
              let count = unsafe devft_attention_backward_scratch([shape])
              // SAFETY: as in `forward`; each task owns its rows of one key/value head.
              unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { scratch in
                unsafe devft_attention_backward(
                  [shape],
                  inputs[0] + queryOffset,
                  inputs[1] + keyOffset,
                  inputs[2] + keyOffset,
                  inputs[3] + queryOffset,
                  qOutput + queryOffset,
                  kOutput + keyOffset,
                  vOutput + keyOffset,
                  scratch.baseAddress
                )
              }
            }
          }
        }
      }
    }
    return (qGradient, kGradient, vGradient)
  }

  /// Visits every (sequence, key/value head) in parallel with the offsets of its first numbers.
  private func forEachGroup(
    of segments: [AttentionSegment],
    _ body: (devft_attention_shape, Int, Int) -> Void
  ) {
    let group = headCount / keyValueHeadCount
    parallelFor(segments.count * keyValueHeadCount) { index in
      let segment = segments[index / keyValueHeadCount]
      let head = index % keyValueHeadCount
      let shape = devft_attention_shape(
        queries: segment.queries.count,
        keys: segment.keys.count,
        heads: group,
        width: headWidth,
        q_stride: headCount * headWidth,
        kv_stride: keyValueHeadCount * headWidth,
        scale: 1 / Float(headWidth).squareRoot()
      )
      let queryOffset = (segment.queries.lowerBound * headCount + head * group) * headWidth
      let keyOffset = (segment.keys.lowerBound * keyValueHeadCount + head) * headWidth
      body(shape, queryOffset, keyOffset)
    }
  }

  private func check(q: Tensor, k: Tensor, v: Tensor, segments: [AttentionSegment]) {
    precondition(
      q.columnCount == headCount * headWidth && k.shape == v.shape
        && k.columnCount == keyValueHeadCount * headWidth,
      "q \(q.shape), k \(k.shape) and v \(v.shape) for \(headCount)/\(keyValueHeadCount) heads"
    )
    var covered = 0
    for segment in segments {
      precondition(
        segment.queries.lowerBound == covered,
        "a segment starts at query \(segment.queries.lowerBound) instead of \(covered)"
      )
      precondition(
        segment.keys.lowerBound >= 0 && segment.keys.upperBound <= k.rowCount,
        "a segment sees keys \(segment.keys) of \(k.rowCount)"
      )
      covered = segment.queries.upperBound
    }
    precondition(covered == q.rowCount, "segments cover \(covered) of \(q.rowCount) queries")
  }
}
