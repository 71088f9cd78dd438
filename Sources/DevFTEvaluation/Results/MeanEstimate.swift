/// A mean over samples and how far it may be off.
public struct MeanEstimate: Codable, Equatable, Sendable {
  /// The mean.
  public var value: Double
  /// Its standard error; `nil` for fewer than two samples.
  public var standardError: Double?
  /// Samples.
  public var count: Int

  private enum CodingKeys: String, CodingKey {
    case value, count
    case standardError = "stderr"
  }

  /// Names the numbers.
  ///
  /// - Parameters:
  ///   - value: The mean.
  ///   - standardError: Its standard error; `nil` where none is known.
  ///   - count: Samples.
  public init(value: Double, standardError: Double?, count: Int) {
    self.value = value
    self.standardError = standardError
    self.count = count
  }

  /// The mean of numbers, with `s / √n` where `s` is the sample standard deviation.
  ///
  /// - Parameter numbers: One number a sample.
  public init(_ numbers: [Double]) {
    let count = numbers.count
    let mean = count == 0 ? 0 : numbers.reduce(0, +) / Double(count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    value = mean
    self.count = count
    standardError =
      count < 2 ? nil : (squares / Double(count - 1)).squareRoot() / Double(count).squareRoot()
  }

  /// The mean over groups of samples, each sample weighing alike.
  ///
  /// The variance is pooled: `s² = Σ (nᵢ − 1)·nᵢ·eᵢ² / (Σ nᵢ − k)`, the error `s / √Σ nᵢ`.
  ///
  /// - Parameter groups: Estimates of the groups.
  /// - SeeAlso: lm-evaluation-harness 0.4.13, `pooled_sample_stderr`.
  public init(pooling groups: [MeanEstimate]) {
    let count = groups.reduce(0) { $0 + $1.count }
    self.count = count
    value = count == 0 ? 0 : groups.reduce(0) { $0 + $1.value * Double($1.count) } / Double(count)
    let errors = groups.compactMap { group in
      group.standardError.map { $0 * $0 * Double((group.count - 1) * group.count) }
    }
    guard errors.count == groups.count, count > groups.count else {
      standardError = nil
      return
    }
    let variance = errors.reduce(0, +) / Double(count - groups.count)
    standardError = (variance / Double(count)).squareRoot()
  }

  /// A ratio of sums over samples that each hold several trials, such as instructions of a prompt.
  ///
  /// Error of the ratio `r = Σ x / Σ m` with samples as clusters: `√(n/(n−1) · Σ (x − r·m)²) / Σ m`.
  ///
  /// - Parameters:
  ///   - successes: `x` of each sample.
  ///   - trials: `m` of each sample, at least 1.
  /// - SeeAlso: Cochran, Sampling Techniques, 1977, section 2.11.
  public init(successes: [Int], trials: [Int]) {
    let (all, count) = (Double(trials.reduce(0, +)), Double(successes.count))
    let ratio = all == 0 ? 0 : Double(successes.reduce(0, +)) / all
    value = ratio
    self.count = trials.reduce(0, +)
    let squares = zip(successes, trials).reduce(0.0) { sum, sample in
      let rest = Double(sample.0) - ratio * Double(sample.1)
      return sum + rest * rest
    }
    standardError = count < 2 ? nil : (count / (count - 1) * squares).squareRoot() / all
  }
}
