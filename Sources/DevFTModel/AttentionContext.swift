import DevFTTensor

/// Positions and sequences of a batch, as a layer's attention needs them.
struct AttentionContext {
  let rotary: RotaryTable
  let attention: CausalAttention
  /// Position of each row inside its sequence, `[N]`.
  let positions: [Int32]
  /// Rows of each sequence.
  let segments: [AttentionSegment]

  /// Rotates queries or keys by their rows' positions, in place.
  func rotate(_ heads: inout Tensor) { rotary.rotate(&heads, positions: positions) }

  /// Attends over rotated queries and keys, and values.
  func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor {
    attention.forward(q: q, k: k, v: v, segments: segments)
  }

  /// Gradients of queries and keys before their rotation, and of values.
  func gradient(
    _ gradient: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor
  ) -> (q: Tensor, k: Tensor, v: Tensor) {
    var heads = attention.gradient(gradient, q: q, k: k, v: v, segments: segments)
    rotary.rotate(&heads.q, positions: positions, inverse: true)
    rotary.rotate(&heads.k, positions: positions, inverse: true)
    return heads
  }
}

extension DecoderEnds {
  /// The context of a batch.
  func context(of batch: TokenBatch) -> AttentionContext {
    AttentionContext(
      rotary: rotary,
      attention: attention,
      positions: batch.positions,
      segments: batch.segments
    )
  }
}
