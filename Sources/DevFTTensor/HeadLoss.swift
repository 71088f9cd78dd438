/// Cross-entropy of hidden rows under an output head, with only some rows' logits in memory.
public struct HeadLoss {
  /// Output head, `[V, D]`.
  private let head: Matrix
  /// The same for the backward product.
  private let gradientHead: Matrix
  /// Rows whose logits are held at once.
  private let blockRows: Int

  /// Prepares the loss.
  ///
  /// - Parameters:
  ///   - head: Output head, `[V, D]`.
  ///   - gradientHead: The same for the backward product, of float32 or bfloat16; the head itself if
  ///     `nil`. Gradients of logits cannot be int8: beside the target's entry, near 1, the thousands
  ///     that push the other tokens down would all round to 0.
  ///   - blockRows: Rows whose logits are held at once, at least 1. The head is read, and expanded
  ///     where it is stored, once a block.
  public init(_ head: Matrix, gradientHead: Matrix? = nil, blockRows: Int) {
    precondition(blockRows >= 1, "blocks of \(blockRows) rows")
    self.head = head
    self.gradientHead = gradientHead ?? head
    self.blockRows = blockRows
  }

  /// Loss of rows, and on request its gradient.
  ///
  /// - Parameters:
  ///   - rows: Hidden rows, `[n, D]`, in the head's operand precision.
  ///   - targets: Token that each row is to predict, `[n]`, each in `0 ..< V`.
  ///   - gradientScale: Factor on the gradient; 0 when none is wanted.
  /// - Returns: Sum of the losses in nats, and the gradient with respect to `rows`, `[n, D]`, zero
  ///   when none is wanted.
  public func callAsFunction(
    _ rows: Matrix,
    targets: [Int32],
    gradientScale: Float
  ) -> (sum: Double, gradient: Tensor) {
    let vocabulary = head.rows
    checkTargets(targets, rows: rows.rows, vocabulary: vocabulary)
    var gradient = Tensor(shape: [rows.rows, rows.columns])
    var losses = [Double](repeating: 0, count: rows.rows)
    guard rows.rows > 0 else { return (0, gradient) }
    let scratch = Scratch(count: min(blockRows, rows.rows) * vocabulary)
    unsafe rows.withNumbers { numbers in
      unsafe targets.withUnsafeBufferPointer { targets in
        unsafe losses.withUnsafeMutableBufferPointer { losses in
          unsafe gradient.withMutablePointer { gradient in
            unsafe scratch.withPointer { logits in
              guard let numbers = unsafe numbers, let targets = targets.baseAddress,
                let losses = losses.baseAddress
              else { return }
              for first in stride(from: 0, to: rows.rows, by: blockRows) {
                let count = min(blockRows, rows.rows - first)
                // SAFETY: the block's rows lie inside all buffers; `logits` holds `blockRows`.
                unsafe block(
                  numbers + first * rows.columns * rows.precision.byteCount,
                  LeftShape(rows: count, stride: rows.columns, precision: rows.precision),
                  targets: targets + first,
                  gradientScale: gradientScale,
                  logits: logits,
                  losses: losses + first,
                  gradient: gradient + first * rows.columns
                )
              }
            }
          }
        }
      }
    }
    return (losses.reduce(0, +), gradient)
  }

  /// One block of rows.
  private func block(
    _ rows: UnsafeRawPointer,
    _ shape: LeftShape,
    targets: UnsafePointer<Int32>,
    gradientScale: Float,
    logits: UnsafeMutablePointer<Float>,
    losses: UnsafeMutablePointer<Double>,
    gradient: UnsafeMutablePointer<Float>
  ) {
    let vocabulary = head.rows
    let isNarrow = shape.precision == .bfloat16 && gradientScale != 0
    unsafe head.multiply(
      rows,
      shape,
      transposed: true,
      accumulates: false,
      into: ProductOutput(logits, stride: vocabulary)
    )
    unsafe crossEntropyOfRows(
      logits,
      rows: shape.rows,
      vocabulary: vocabulary,
      targets: targets,
      gradientScale: gradientScale,
      isNarrow: isNarrow,
      losses: losses
    )
    guard gradientScale != 0 else { return }
    // A narrow gradient fills the first half of each row of logits.
    unsafe gradientHead.multiply(
      UnsafeRawPointer(logits),
      LeftShape(
        rows: shape.rows,
        stride: isNarrow ? 2 * vocabulary : vocabulary,
        precision: shape.precision
      ),
      transposed: false,
      accumulates: false,
      into: ProductOutput(gradient, stride: head.columns)
    )
  }
}
