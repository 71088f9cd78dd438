/// Mean and spread of a few numbers.
struct Statistic: Equatable, Sendable {
  /// The arithmetic mean.
  var mean: Double
  /// The sample standard deviation, with `n − 1` below the sum; `nil` for a single number.
  var deviation: Double?

  /// Takes the mean and deviation of numbers.
  ///
  /// - Parameter values: Any numbers; without one there is no statistic.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    guard values.count > 1 else { return }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / (count - 1)).squareRoot()
  }
}
