import DevFTTensor
import Foundation

extension RandomStream {
  /// Draws proportions from the symmetric Dirichlet distribution.
  ///
  /// Gamma draws divided by their sum, taken over logarithms: with a small `alpha` every draw itself
  /// may be too small for a `Double`.
  ///
  /// - Parameters:
  ///   - alpha: Concentration, above 0.
  ///   - count: Number of proportions, at least 1.
  /// - Returns: Numbers of at least 0 that add up to 1.
  mutating func nextDirichlet(alpha: Double, count: Int) -> [Double] {
    let logarithms = (0..<count).map { _ in nextLogGamma(shape: alpha) }
    let largest = logarithms.max() ?? 0
    let parts = logarithms.map { exp($0 - largest) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// Draws the logarithm of a number from the Gamma distribution of scale 1.
  ///
  /// - Parameter shape: Shape, above 0.
  /// - Returns: The logarithm.
  /// - SeeAlso: Marsaglia and Tsang, 2000, <https://doi.org/10.1145/358407.358414>.
  mutating func nextLogGamma(shape: Double) -> Double {
    guard shape >= 1 else {
      // Gamma(a) = Gamma(a + 1) U^(1/a)
      return nextLogGamma(shape: shape + 1) + log(1 - nextUniform()) / shape
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = nextNormal()
      let root = 1 + c * normal
      guard root > 0 else { continue }
      let logCube = 3 * log(root)
      let bound = 0.5 * normal * normal + d * (1 - exp(logCube) + logCube)
      if log(1 - nextUniform()) < bound { return log(d) + logCube }
    }
  }
}
