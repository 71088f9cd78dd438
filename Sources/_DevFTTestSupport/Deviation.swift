/// The element of a result that lies furthest from its reference, in units of what is allowed.
public struct Deviation: Sendable, CustomStringConvertible {
  /// Position in row-major order.
  public let index: Int
  /// The number found.
  public let actual: Double
  /// The reference.
  public let expected: Double
  /// The allowed difference, at least 0.
  public let allowed: Double

  /// Whether the difference is allowed; never for NaN, unless NaN is expected.
  public var isAllowed: Bool {
    if expected.isNaN { return actual.isNaN }
    return actual == expected || abs(actual - expected) <= allowed
  }

  /// Difference over allowed difference: 0 when equal, infinite when NaN or when none is allowed.
  public var excess: Double {
    if actual == expected || (actual.isNaN && expected.isNaN) { return 0 }
    let ratio = abs(actual - expected) / allowed
    return ratio.isNaN ? .infinity : ratio
  }

  /// All four values on one line.
  public var description: String {
    "worst element \(index): \(actual) instead of \(expected), allowed difference \(allowed)"
  }
}

/// Finds the element that lies furthest from its reference.
///
/// - Parameters:
///   - actual: The result.
///   - expected: The reference, of the same count.
///   - tolerance: What is allowed.
/// - Returns: The worst element; `nil` when there are none.
/// - Precondition: The counts agree.
public func worstDeviation(_ actual: [Double], _ expected: [Double], _ tolerance: Tolerance)
  -> Deviation?
{
  precondition(actual.count == expected.count, "\(actual.count) against \(expected.count) numbers")
  var largest = 0.0
  for number in expected where number.isFinite { largest = max(largest, abs(number)) }
  let common = tolerance.ofLargest * largest + tolerance.absolute
  var worst: Deviation?
  for index in actual.indices {
    let found = Deviation(
      index: index,
      actual: actual[index],
      expected: expected[index],
      allowed: tolerance.relative * abs(expected[index]) + common
    )
    if worst.map({ found.excess > $0.excess }) ?? true { worst = found }
  }
  return worst
}
