public import DevFTTensor
public import Testing

/// Expects every number to lie within a tolerance of its reference; reports the worst element.
///
/// - Parameters:
///   - actual: The result.
///   - expected: The reference.
///   - tolerance: What is allowed.
///   - label: What is compared, for the report; empty by default.
///   - sourceLocation: Where a failure is reported.
public func expectClose(
  _ actual: [Double],
  _ expected: [Double],
  _ tolerance: Tolerance,
  _ label: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    let counts = "\(actual.count) numbers instead of \(expected.count)"
    Issue.record("\(label) \(counts)", sourceLocation: sourceLocation)
    return
  }
  guard let worst = worstDeviation(actual, expected, tolerance) else { return }
  #expect(worst.isAllowed, "\(label) \(worst)", sourceLocation: sourceLocation)
}

/// Expects every number to lie within a tolerance of its reference; reports the worst element.
///
/// - Parameters:
///   - actual: The result.
///   - expected: The reference, row-major.
///   - tolerance: What is allowed.
///   - label: What is compared, for the report; empty by default.
///   - sourceLocation: Where a failure is reported.
public func expectClose(
  _ actual: Tensor,
  _ expected: [Double],
  _ tolerance: Tolerance,
  _ label: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let numbers = actual.elements.map { Double($0) }
  expectClose(
    numbers,
    expected,
    tolerance,
    "\(label) \(actual.shape)",
    sourceLocation: sourceLocation
  )
}

/// Expects two tensors of one shape whose numbers differ within a tolerance.
///
/// - Parameters:
///   - actual: The result.
///   - expected: The reference.
///   - tolerance: What is allowed.
///   - label: What is compared, for the report; empty by default.
///   - sourceLocation: Where a failure is reported.
public func expectClose(
  _ actual: Tensor,
  _ expected: Tensor,
  _ tolerance: Tolerance,
  _ label: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, "\(label)", sourceLocation: sourceLocation)
  let reference = expected.elements.map { Double($0) }
  expectClose(actual, reference, tolerance, label, sourceLocation: sourceLocation)
}

/// Expects the same bits in every number, so that -0 differs from 0 and NaN equals itself.
///
/// - Parameters:
///   - actual: The result.
///   - expected: The reference.
///   - label: What is compared, for the report; empty by default.
///   - sourceLocation: Where a failure is reported.
public func expectSameBits(
  _ actual: Tensor,
  _ expected: Tensor,
  _ label: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, "\(label)", sourceLocation: sourceLocation)
  let pairs = zip(actual.elements, expected.elements)
  let differing = pairs.enumerated().first { $1.0.bitPattern != $1.1.bitPattern }
  guard let (index, (found, wanted)) = differing else { return }
  Issue.record(
    "\(label) element \(index): \(found) instead of \(wanted)",
    sourceLocation: sourceLocation
  )
}
