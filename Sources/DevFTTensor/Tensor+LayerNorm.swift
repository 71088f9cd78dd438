import CDevFTKernels

/// Rows that one parallel task works on.
private let rowBlock = 32

extension Tensor {
  /// Layer normalisation of each row.
  ///
  /// `y = (x − mean(x)) / √(variance(x) + ε) · gain + bias`, the variance over `D` numbers.
  ///
  /// - Parameters:
  ///   - gain: Factors, `[D]`.
  ///   - bias: Summands, `[D]`.
  ///   - epsilon: Added to the variance, above 0.
  /// - Returns: Numbers of this tensor's shape.
  /// - Precondition: The last axis is as long as `gain` and `bias`.
  /// - SeeAlso: Ba et al., 2016, <https://arxiv.org/abs/1607.06450>.
  public func layerNormalised(gain: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
    precondition(
      columnCount == gain.count && columnCount == bias.count,
      "rows of \(columnCount), gain of \(gain.count), bias of \(bias.count)"
    )
    var result = Tensor(uninitialisedShape: shape)
    let width = columnCount
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [self, gain, bias]) { inputs in
        parallelBlocks(of: rowCount, block: rowBlock) { rows in
          let first = rows.lowerBound * width
          // SAFETY: blocks of rows lie inside the buffers and do not overlap.
          unsafe devft_layernorm_forward(
            inputs[0] + first,
            inputs[1],
            inputs[2],
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

  /// Gradient of `layerNormalised` with respect to its input, which is this tensor.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the normalised rows, of this tensor's shape.
  ///   - gain: Factors, `[D]`.
  ///   - epsilon: As in the forward pass.
  /// - Returns: Numbers of this tensor's shape.
  /// - Precondition: The shapes agree.
  public func layerNormGradient(_ gradient: Tensor, gain: Tensor, epsilon: Float) -> Tensor {
    precondition(
      gradient.count == count && gain.count == columnCount,
      "gradient \(gradient.shape) and gain \(gain.shape) for \(shape)"
    )
    var result = Tensor(uninitialisedShape: shape)
    let width = columnCount
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [self, gain, gradient]) { inputs in
        parallelBlocks(of: rowCount, block: rowBlock) { rows in
          let first = rows.lowerBound * width
          // SAFETY: as above.
          unsafe devft_layernorm_backward(
            inputs[0] + first,
            inputs[1],
            epsilon,
            inputs[2] + first,
            output + first,
            rows.count,
            width
          )
        }
      }
    }
    return result
  }
}
