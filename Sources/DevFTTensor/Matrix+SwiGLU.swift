import CDevFTKernels

/// Rows that one parallel task works on.
private let rowBlock = 16

extension Matrix {
  /// The gated activation `silu(gate) · up`, with `silu(g) = g / (1 + e⁻ᵍ)`.
  ///
  /// - Parameter gateUp: Gates and then ups in each row, `[N, 2·F]`, in memory, of float32 or bfloat16.
  /// - Returns: `[N, F]` in the same precision.
  /// - SeeAlso: Shazeer, 2020, <https://arxiv.org/abs/2002.05202>.
  public static func swiGLU(_ gateUp: Matrix) -> Matrix {
    let (rows, width) = (gateUp.rows, gateUp.columns / 2)
    precondition(gateUp.columns % 2 == 0, "gates and ups in rows of \(gateUp.columns)")
    switch gateUp.storage {
    case .float32(let input):
      return Matrix(
        rows: rows,
        columns: width,
        storage: .float32(
          unsafe rowwise(input, rows: rows, width: width) {
            unsafe devft_swiglu_forward($0, $1, $2, width)
          }
        )
      )
    case .bfloat16(let input):
      return Matrix(
        rows: rows,
        columns: width,
        storage: .bfloat16(
          unsafe rowwise(input, rows: rows, width: width) {
            unsafe devft_swiglu_forward_bf16($0, $1, $2, width)
          }
        )
      )
    case .int8, .stored: preconditionFailure("activations of \(gateUp.precision)")
    }
  }

  /// Gradient of `swiGLU`.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the result, `[N, F]`.
  ///   - gateUp: As in the forward pass, in the precision of the gradient.
  /// - Returns: `[N, 2·F]` in that precision.
  public static func swiGLUGradient(_ gradient: Matrix, gateUp: Matrix) -> Matrix {
    let (rows, width) = (gateUp.rows, gateUp.columns / 2)
    precondition(
      gradient.rows == rows && 2 * gradient.columns == gateUp.columns,
      "gradient [\(gradient.rows), \(gradient.columns)] for rows of \(gateUp.columns)"
    )
    switch (gradient.storage, gateUp.storage) {
    case (.float32(let gradient), .float32(let input)):
      return Matrix(
        rows: rows,
        columns: 2 * width,
        storage: .float32(
          unsafe rowwise(input, gradient, rows: rows, width: width) {
            unsafe devft_swiglu_backward($0, $1, $2, $3, width)
          }
        )
      )
    case (.bfloat16(let gradient), .bfloat16(let input)):
      return Matrix(
        rows: rows,
        columns: 2 * width,
        storage: .bfloat16(
          unsafe rowwise(input, gradient, rows: rows, width: width) {
            unsafe devft_swiglu_backward_bf16($0, $1, $2, $3, width)
          }
        )
      )
    default: preconditionFailure("a gradient of \(gradient.precision) for \(gateUp.precision)")
    }
  }
}

/// Rows of `width` numbers from rows of twice as many.
private func rowwise<Number: BitwiseCopyable>(
  _ input: [Number],
  rows: Int,
  width: Int,
  _ body: (UnsafePointer<Number>, UnsafeMutablePointer<Number>, _ rows: Int) -> Void
) -> [Number] {
  unsafe [Number](parallelRows: rows, columns: width, block: rowBlock) { output, block in
    unsafe input.withUnsafeBufferPointer { input in
      guard let input = input.baseAddress else { return }
      // SAFETY: the block's rows lie inside both arrays.
      unsafe body(input + block.lowerBound * 2 * width, output, block.count)
    }
  }
}

/// Rows of twice `width` numbers from as long ones and a gradient of `width`.
private func rowwise<Number: BitwiseCopyable>(
  _ input: [Number],
  _ gradient: [Number],
  rows: Int,
  width: Int,
  _ body: (
    UnsafePointer<Number>, UnsafePointer<Number>, UnsafeMutablePointer<Number>, _ rows: Int
  ) -> Void
) -> [Number] {
  unsafe [Number](parallelRows: rows, columns: 2 * width, block: rowBlock) { output, block in
    unsafe input.withUnsafeBufferPointer { input in
      unsafe gradient.withUnsafeBufferPointer { gradient in
        guard let input = input.baseAddress, let gradient = gradient.baseAddress else { return }
        let first = block.lowerBound
        // SAFETY: the block's rows lie inside the three arrays.
        unsafe body(input + first * 2 * width, gradient + first * width, output, block.count)
      }
    }
  }
}
