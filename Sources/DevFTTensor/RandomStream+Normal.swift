#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension RandomStream {
  /// Draws from the standard normal distribution (Box and Muller, one of the pair).
  ///
  /// - Returns: The number.
  package mutating func nextNormal() -> Double {
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    return radius * cos(2 * .pi * nextUniform())
  }
}
