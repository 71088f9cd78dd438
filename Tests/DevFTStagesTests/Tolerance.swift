/// How near a number must come to its reference, and why.
enum Tolerance {
  /// Eigenvalues of matrices with entries near 1: LAPACK's rounding over some sixteen rows.
  static let eigenvalue = 1e-9
  /// Inner products accumulated in float64 in another order than NumPy's.
  static let cosine = 1e-12
  /// One rounding of a float64 sum to float32, relative.
  static let fusedNumber: Float = 1e-6
  /// Norms of representatives that were rounded to float32.
  static let norm = 1e-6
}
