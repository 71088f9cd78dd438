import DevFTTensor

/// How fast large matrix products are on this machine: the limit that steps are compared with.
enum ProductRate {
  /// Multiplications and additions a second of bfloat16 products (float32 where there are none), the
  /// best of several runs on all threads.
  static var measured: Double {
    let size = 2048
    let numbers = (0..<size * size).map { Float($0 % 13) - 6 }
    let matrix = Matrix(
      Tensor(shape: [size, size], elements: numbers),
      precision: Precision.bfloat16.orFallback
    )
    var result = Tensor(shape: [size, size])
    let times = (0..<8).map { _ in
      ContinuousClock().measure {
        result.setProduct(matrix, matrix, transposingRight: false)
      } / .seconds(1)
    }
    return 2 * Double(size * size * size) / (times.min() ?? .infinity)
  }
}
