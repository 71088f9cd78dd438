/// The largest relative differences that tests of this module allow, each with its reason.
enum Tolerance {
  /// Sums of a few hundred products in `Double`, in another order than the reference's.
  static let doubleSums = 1e-12
  /// Norms of products that are summed in float32 over a few dozen terms.
  static let floatProducts = 1e-5
  /// A factor common to all weights changes shares in the last bit of a `Double`, and so a mean by at
  /// most one step of a `Float`.
  static let oneFloatStep = 1.2e-7
  /// Moments and control variates are kept in `Float` between two rounds; the witness keeps `Double`.
  static let storedMoments = 1e-6
}

/// Whether two numbers differ by at most a share of the larger one.
func isClose(_ first: Double, _ second: Double, within tolerance: Double) -> Bool {
  abs(first - second) <= tolerance * max(abs(first), abs(second))
}
