/// Gradient of a function by central differences in double precision.
///
/// `(f(x + h eᵢ) − f(x − h eᵢ)) / 2h` for each i: the error is of order `h²`.
///
/// - Parameters:
///   - point: Where to differentiate, `P` numbers.
///   - step: `h`, above 0.
///   - function: The function; it takes `P` numbers.
/// - Returns: The gradient, `P` numbers.
/// - Complexity: `2 P` calls.
public func centralDifferences(
  at point: [Double],
  step: Double = 1e-5,
  of function: ([Double]) -> Double
) -> [Double] {
  var shifted = point
  return point.indices.map { index in
    shifted[index] = point[index] + step
    let above = function(shifted)
    shifted[index] = point[index] - step
    let below = function(shifted)
    shifted[index] = point[index]
    return (above - below) / (2 * step)
  }
}

/// The scalar that stands in for a loss in gradient checks: the inner product with fixed factors.
///
/// - Parameters:
///   - output: Numbers of a result.
///   - factors: As many factors; they are the gradient that enters the backward pass.
/// - Returns: `Σ outputᵢ factorsᵢ`.
public func innerProduct(_ output: [Double], _ factors: [Double]) -> Double {
  precondition(output.count == factors.count, "\(output.count) numbers, \(factors.count) factors")
  return zip(output, factors).reduce(0) { $0 + $1.0 * $1.1 }
}
