import DevFTTensor

/// Positions and sequences of a batch, as a layer's attention needs them.
struct AttentionContext {
  let rotary: RotaryTable
  let attention: PackedAttention
  /// Position of each row inside its sequence, `[N]`.
  let positions: [Int32]
  /// Rows of each sequence.
  let segments: [AttentionSegment]

  /// Rotates queries and keys by their rows' positions, in place.
  func rotate(_ heads: inout Tensor) {
    rotary.rotate(&heads, columns: attention.rotatedColumns, positions: positions)
  }

  /// Attends over rotated queries and keys, and values.
  func attend(_ heads: Tensor) -> Tensor { attention.forward(heads, segments: segments) }

  /// Gradient of queries and keys before their rotation, and of values.
  func gradient(_ gradient: Tensor, heads: Tensor) -> Tensor {
    var result = attention.gradient(gradient, heads: heads, segments: segments)
    rotary.rotate(
      &result,
      columns: attention.rotatedColumns,
      positions: positions,
      inverse: true
    )
    return result
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
