import CDevFTKernels

extension Matrix {
  /// The gated activation `silu(gate) · up` of operands; see `Tensor.swiGLU(gate:up:)`.
  ///
  /// - Parameters:
  ///   - gate: Numbers in memory, of float32 or bfloat16.
  ///   - up: Numbers of the same shape and precision.
  /// - Returns: Numbers of the same shape and precision.
  public static func swiGLU(gate: Matrix, up: Matrix) -> Matrix {
    precondition(gate.rows == up.rows && gate.columns == up.columns, "gate and up differ")
    switch (gate.storage, up.storage) {
    case (.bfloat16(let gateNumbers), .bfloat16(let upNumbers)):
      let result = unsafe [UInt16](parallelRows: gateNumbers.count, block: elementBlock) {
        output,
        range in
        unsafe gateNumbers.withUnsafeBufferPointer { gate in
          unsafe upNumbers.withUnsafeBufferPointer { up in
            guard let gate = gate.baseAddress, let up = up.baseAddress else { return }
            let first = range.lowerBound
            // SAFETY: the range lies inside the three arrays, which are as long as one another.
            unsafe devft_swiglu_forward_bf16(gate + first, up + first, output, range.count)
          }
        }
      }
      return Matrix(rows: gate.rows, columns: gate.columns, storage: .bfloat16(result))
    default:
      return Matrix(.swiGLU(gate: gate.tensor, up: up.tensor), precision: gate.precision)
    }
  }

  /// Gradient of `swiGLU` with respect to both inputs.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the result.
  ///   - gate: As in the forward pass.
  ///   - up: As in the forward pass.
  /// - Returns: Gradients in the precision of the inputs.
  public static func swiGLUGradient(
    _ gradient: Tensor,
    gate: Matrix,
    up: Matrix
  ) -> (gate: Matrix, up: Matrix) {
    precondition(gradient.count == gate.rows * gate.columns, "gradient \(gradient.shape)")
    guard case .bfloat16(let gateNumbers) = gate.storage,
      case .bfloat16(let upNumbers) = up.storage
    else {
      let result = Tensor.swiGLUGradient(gradient, gate: gate.tensor, up: up.tensor)
      return (
        Matrix(result.gate, precision: gate.precision), Matrix(result.up, precision: up.precision)
      )
    }
    var upResult: [UInt16] = []
    let gateResult = unsafe [UInt16](unsafeUninitializedCapacity: gateNumbers.count) {
      gateOutput,
      filled in
      unsafe upResult = [UInt16](unsafeUninitializedCapacity: upNumbers.count) {
        upOutput,
        upFilled in
        unsafe gateNumbers.withUnsafeBufferPointer { gate in
          unsafe upNumbers.withUnsafeBufferPointer { up in
            unsafe withPointers(to: [gradient]) { gradient in
              guard let gate = gate.baseAddress, let up = up.baseAddress,
                let gateOutput = gateOutput.baseAddress, let upOutput = upOutput.baseAddress
              else { return }
              parallelBlocks(of: gateNumbers.count, block: elementBlock) { range in
                let first = range.lowerBound
                // SAFETY: blocks lie inside the five arrays, which are as long as one another.
                unsafe devft_swiglu_backward_bf16(
                  gate + first,
                  up + first,
                  gradient[0] + first,
                  gateOutput + first,
                  upOutput + first,
                  range.count
                )
              }
            }
          }
        }
        upFilled = upNumbers.count
      }
      filled = gateNumbers.count
    }
    return (
      Matrix(rows: gate.rows, columns: gate.columns, storage: .bfloat16(gateResult)),
      Matrix(rows: up.rows, columns: up.columns, storage: .bfloat16(upResult))
    )
  }
}
