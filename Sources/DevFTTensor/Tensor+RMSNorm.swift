import CDevFTKernels

/// Rows that one parallel task works on.
private let rowBlock = 32

extension Tensor {
  /// Root-mean-square normalisation of each row.
  ///
  /// `y = x / √(mean(x²) + ε) · gain`.
  ///
  /// - Parameters:
  ///   - gain: Factors, `[D]`.
  ///   - epsilon: Added to the mean square, above 0.
  /// - Returns: Numbers of this tensor's shape.
  /// - Precondition: The last axis is as long as `gain`.
  /// - SeeAlso: Zhang and Sennrich, 2019, <https://arxiv.org/abs/1910.07467>.
  public func rmsNormalised(gain: Tensor, epsilon: Float) -> Tensor {
    precondition(columnCount == gain.count, "rows of \(columnCount), gain of \(gain.count)")
    var result = Tensor(uninitialisedShape: shape)
    let width = columnCount
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [self, gain]) { inputs in
        parallelBlocks(of: rowCount, block: rowBlock) { rows in
          let first = rows.lowerBound * width
          // SAFETY: blocks of rows lie inside the buffers and do not overlap.
          unsafe devft_rmsnorm_forward(
            inputs[0] + first,
            inputs[1],
            epsilon,
            output + first,
            rows.count,
            width
          )
        }
      }
    }
    return result
  }

  /// `rmsNormalised` as an operand of products.
  ///
  /// - Parameters:
  ///   - gain: Factors, `[D]`.
  ///   - epsilon: Added to the mean square, above 0.
  ///   - precision: float32 or bfloat16.
  /// - Returns: `[rowCount, D]`.
  /// - Precondition: The last axis is as long as `gain`.
  public func rmsNormalised(gain: Tensor, epsilon: Float, precision: Precision) -> Matrix {
    guard precision == .bfloat16 else {
      return Matrix(rmsNormalised(gain: gain, epsilon: epsilon), precision: precision)
    }
    precondition(columnCount == gain.count, "rows of \(columnCount), gain of \(gain.count)")
    let width = columnCount
    let numbers = unsafe [UInt16](parallelRows: rowCount, columns: width, block: rowBlock) {
      output,
      rows in
      unsafe withPointers(to: [self, gain]) { inputs in
        // SAFETY: the block's rows lie inside both buffers.
        unsafe devft_rmsnorm_forward_bf16(
          inputs[0] + rows.lowerBound * width,
          inputs[1],
          epsilon,
          output,
          rows.count,
          width
        )
      }
    }
    return Matrix(rows: rowCount, columns: width, storage: .bfloat16(numbers))
  }

  /// Adds the gradient of `rmsNormalised` with respect to its input.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the normalised rows, of this tensor's shape.
  ///   - input: What was normalised, of this tensor's shape.
  ///   - gain: Factors, `[D]`.
  ///   - epsilon: As in the forward pass.
  /// - Precondition: The shapes agree.
  public mutating func addRMSNormGradient(
    _ gradient: Tensor,
    input: Tensor,
    gain: Tensor,
    epsilon: Float
  ) {
    precondition(
      gradient.count == count && input.shape == shape && gain.count == columnCount,
      "gradient \(gradient.shape), input \(input.shape) and gain \(gain.shape) for \(shape)"
    )
    let width = columnCount
    let rowCount = rowCount
    unsafe withMutablePointer { target in
      unsafe withPointers(to: [input, gain, gradient]) { inputs in
        parallelBlocks(of: rowCount, block: rowBlock) { rows in
          let first = rows.lowerBound * width
          // SAFETY: blocks of rows lie inside the buffers and do not overlap.
          unsafe devft_rmsnorm_backward(
            inputs[0] + first,
            inputs[1],
            epsilon,
            inputs[2] + first,
            target + first,
            rows.count,
            width
          )
        }
      }
    }
  }
}

extension Matrix {
  /// `Tensor.rmsNormalised` of rows that are operands already, as operands again.
  ///
  /// - Parameters:
  ///   - gain: Factors, `[D]`.
  ///   - epsilon: Added to the mean square, above 0.
  /// - Returns: `[rows, D]` in this matrix's precision.
  /// - Precondition: Numbers of float32 or bfloat16 in memory; rows as long as `gain`.
  public func rmsNormalised(gain: Tensor, epsilon: Float) -> Matrix {
    guard case .bfloat16(let input) = storage else {
      return tensor.rmsNormalised(gain: gain, epsilon: epsilon, precision: precision)
    }
    precondition(columns == gain.count, "rows of \(columns), gain of \(gain.count)")
    let numbers = unsafe [UInt16](parallelRows: rows, columns: columns, block: rowBlock) {
      output,
      rows in
      let count = rows.count * columns
      // SAFETY: the block's rows lie inside the input; the space holds them before they are read.
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { space in
        unsafe input.withUnsafeBufferPointer { input in
          unsafe withPointers(to: [gain]) { gain in
            guard let space = space.baseAddress, let input = input.baseAddress else { return }
            unsafe devft_bf16_to_f32(input + rows.lowerBound * columns, space, count)
            unsafe devft_rmsnorm_forward_bf16(space, gain[0], epsilon, output, rows.count, columns)
          }
        }
      }
    }
    return Matrix(rows: rows, columns: columns, storage: .bfloat16(numbers))
  }
}
