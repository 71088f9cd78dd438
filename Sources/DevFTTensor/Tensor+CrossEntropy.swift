import CDevFTKernels

extension Tensor {
  /// Cross-entropy of each row of logits; on request the logits become its gradient.
  ///
  /// `loss = log Σ exp(z) − z_target`; gradient `scale · (softmax(z) − onehot(target))`.
  ///
  /// - Parameters:
  ///   - targets: Target of each row, each in `0 ..< V`.
  ///   - gradientScale: Factor on the gradient that overwrites the logits; 0 leaves them.
  /// - Returns: Loss of each row, in nats.
  /// - Precondition: One target a row, all inside the vocabulary.
  package mutating func crossEntropy(targets: [Int32], gradientScale: Float) -> [Double] {
    let (rows, vocabulary) = (rowCount, columnCount)
    checkTargets(targets, rows: rows, vocabulary: vocabulary)
    return unsafe [Double](unsafeUninitializedCapacity: rows) { losses, filled in
      unsafe targets.withUnsafeBufferPointer { targets in
        unsafe withMutablePointer { logits in
          guard let losses = losses.baseAddress, let targets = targets.baseAddress else { return }
          // SAFETY: as many targets and losses as rows.
          unsafe crossEntropyOfRows(
            logits,
            rows: rows,
            vocabulary: vocabulary,
            targets: targets,
            gradientScale: gradientScale,
            isNarrow: false,
            losses: losses
          )
        }
      }
      filled = rows
    }
  }
}

/// Fails unless there is one target a row, all inside the vocabulary.
func checkTargets(_ targets: [Int32], rows: Int, vocabulary: Int) {
  precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows")
  precondition(
    targets.allSatisfy { $0 >= 0 && $0 < vocabulary },
    "a target outside 0 ..< \(vocabulary)"
  )
}

/// Cross-entropy of rows of logits in parallel; see `Tensor.crossEntropy`.
///
/// - Parameters:
///   - logits: `[rows, vocabulary]`; they become the gradient unless its factor is 0.
///   - rows: Number of rows.
///   - vocabulary: Logits of a row.
///   - targets: Target of each row, checked.
///   - gradientScale: Factor on the gradient.
///   - isNarrow: Leaves the gradient as bfloat16 in the first half of each row.
///   - losses: Loss of each row, in nats; overwritten.
func crossEntropyOfRows(
  _ logits: UnsafeMutablePointer<Float>,
  rows: Int,
  vocabulary: Int,
  targets: UnsafePointer<Int32>,
  gradientScale: Float,
  isNarrow: Bool,
  losses: UnsafeMutablePointer<Double>
) {
  parallelBlocks(of: rows, block: 4) { block in
    let first = block.lowerBound
    // SAFETY: rows of the block lie inside the buffers and are no other's.
    let loss = unsafe isNarrow ? devft_cross_entropy_bf16 : devft_cross_entropy
    unsafe loss(
      logits + first * vocabulary,
      targets + first,
      gradientScale,
      losses + first,
      block.count,
      vocabulary
    )
  }
}
