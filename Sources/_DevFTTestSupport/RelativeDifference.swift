public import DevFTTensor

/// Largest difference between two tensors, relative to the largest number of the expected one.
///
/// - Parameters:
///   - tensor: What came.
///   - expected: What was expected, of the same count.
/// - Returns: `max |a − b| / max |b|`; infinite when the counts differ or a number is NaN.
public func relativeDifference(_ tensor: Tensor, _ expected: Tensor) -> Double {
  guard tensor.count == expected.count else { return .infinity }
  var (difference, size) = (0.0, 0.0)
  for (a, b) in zip(tensor.elements, expected.elements) {
    let distance = abs(Double(a) - Double(b))
    guard distance.isFinite else { return .infinity }
    difference = max(difference, distance)
    size = max(size, abs(Double(b)))
  }
  return size == 0 ? difference : difference / size
}
