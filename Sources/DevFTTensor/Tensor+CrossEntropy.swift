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
  public mutating func crossEntropy(targets: [Int32], gradientScale: Float) -> [Double] {
    let (rows, vocabulary) = (rowCount, columnCount)
    precondition(targets.count == rows, "\(targets.count) targets for \(shape)")
    precondition(
      targets.allSatisfy { $0 >= 0 && $0 < vocabulary },
      "a target outside 0 ..< \(vocabulary)"
    )
    var losses = [Double](repeating: 0, count: rows)
    unsafe losses.withUnsafeMutableBufferPointer { losses in
      unsafe targets.withUnsafeBufferPointer { targets in
        guard let losses = losses.baseAddress, let targets = targets.baseAddress else { return }
        unsafe withMutablePointer { logits in
          parallelBlocks(of: rows, block: 4) { block in
            let first = block.lowerBound
            // SAFETY: blocks of rows lie inside the buffers and do not overlap.
            unsafe devft_cross_entropy(
              logits + first * vocabulary,
              targets + first,
              gradientScale,
              losses + first,
              block.count,
              vocabulary
            )
          }
        }
      }
    }
    return losses
  }
}
