import DevFTTensor

/// Attention of a batch in which every token sees all of its sequence.
struct EncoderAttention {
  let attention: PackedAttention
  /// Rows of each sequence.
  let segments: [AttentionSegment]

  /// Attends over queries, keys and values.
  func attend(_ heads: Tensor) -> Tensor { attention.forward(heads, segments: segments) }

  /// Gradient of queries, keys and values.
  func gradient(_ gradient: Tensor, heads: Tensor) -> Tensor {
    attention.gradient(gradient, heads: heads, segments: segments)
  }
}
