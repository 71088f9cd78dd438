import DevFTTensor

/// A sum of weighted tensors of one size, held in float64.
struct WeightedSum {
  private var numbers: [Double]

  /// Starts with one weighted tensor.
  init(_ tensor: Tensor, weight: Double) {
    numbers = unsafe [Double](unsafeUninitializedCapacity: tensor.count) { sums, initialised in
      unsafe tensor.elements.withUnsafeBufferPointer { terms in
        // SAFETY: both hold as many numbers, and all are written.
        for index in terms.indices { unsafe sums[index] = weight * Double(terms[index]) }
      }
      initialised = tensor.count
    }
  }

  /// Adds a weighted tensor.
  mutating func add(_ tensor: Tensor, weight: Double) {
    precondition(tensor.count == numbers.count, "\(tensor.count) added to \(numbers.count) numbers")
    unsafe numbers.withUnsafeMutableBufferPointer { sums in
      unsafe tensor.elements.withUnsafeBufferPointer { terms in
        // SAFETY: both hold as many numbers.
        for index in sums.indices { unsafe sums[index] += weight * Double(terms[index]) }
      }
    }
  }

  /// Writes the sum times a factor, rounded to float32.
  ///
  /// - Parameters:
  ///   - target: As many numbers as each tensor has; overwritten.
  ///   - factor: The factor; 1 leaves the sum as it is.
  func round(into target: UnsafeMutableBufferPointer<Float>, factor: Double = 1) {
    precondition(target.count == numbers.count, "\(numbers.count) numbers into \(target.count)")
    unsafe numbers.withUnsafeBufferPointer { sums in
      // SAFETY: both hold as many numbers.
      for index in sums.indices { unsafe target[index] = unsafe Float(sums[index] * factor) }
    }
  }

  /// Sum of the squares, in an order that depends on the size alone.
  var squaredNorm: Double {
    var lanes = SIMD8<Double>.zero
    unsafe numbers.withUnsafeBufferPointer { numbers in
      let whole = numbers.count / 8 * 8
      // SAFETY: the last index is below `whole` + the rest, which is the count.
      for start in stride(from: 0, to: whole, by: 8) {
        for lane in 0..<8 {
          let number = unsafe numbers[start + lane]
          lanes[lane] += number * number
        }
      }
      for index in whole..<numbers.count {
        let number = unsafe numbers[index]
        lanes[index - whole] += number * number
      }
    }
    return lanes.sum()
  }
}
