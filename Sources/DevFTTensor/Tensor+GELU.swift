import CDevFTKernels

extension Tensor {
  /// The Gaussian error linear unit of each number, `x · Φ(x)`.
  ///
  /// `Φ(x) = (1 + erf(x / √2)) / 2`: the exact form, not its approximation by the hyperbolic tangent.
  ///
  /// - Returns: Numbers of this tensor's shape.
  /// - SeeAlso: Hendrycks and Gimpel, 2016, <https://arxiv.org/abs/1606.08415>.
  public func gelu() -> Tensor {
    var result = Tensor(uninitialisedShape: shape)
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [self]) { inputs in
        parallelBlocks(of: count, block: elementBlock) { range in
          let first = range.lowerBound
          // SAFETY: the blocks lie inside the buffers and do not overlap.
          unsafe devft_gelu_forward(inputs[0] + first, output + first, range.count)
        }
      }
    }
    return result
  }

  /// Gradient of `gelu` with respect to its input, which is this tensor.
  ///
  /// - Parameter gradient: Gradient of the result, of this tensor's shape.
  /// - Returns: Numbers of this tensor's shape.
  /// - Precondition: The shapes agree.
  public func geluGradient(_ gradient: Tensor) -> Tensor {
    precondition(gradient.count == count, "gradient \(gradient.shape) for \(shape)")
    var result = Tensor(uninitialisedShape: shape)
    unsafe result.withMutablePointer { output in
      unsafe withPointers(to: [self, gradient]) { inputs in
        parallelBlocks(of: count, block: elementBlock) { range in
          let first = range.lowerBound
          // SAFETY: as above.
          unsafe devft_gelu_backward(
            inputs[0] + first,
            inputs[1] + first,
            output + first,
            range.count
          )
        }
      }
    }
    return result
  }
}
