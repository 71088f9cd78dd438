import DevFTTensor

/// What a benchmark of training steps saw.
public struct StepMeasurement: Codable, Sendable {
  /// Tokens of the batch by the median time of a step.
  public var tokensPerSecond: Double
  /// Median time of a step, in seconds.
  public var stepSeconds: Double
  /// Shortest and longest step, in seconds.
  public var stepSecondsRange: [Double]
  /// Loss of the first step, before any update, in nats.
  public var firstLoss: Double
  /// From opening the model to the start of the first step, in seconds.
  public var startSeconds: Double
  /// Largest resident memory of the process, in bytes.
  public var peakByteCount: Int
  /// What the planner expects of one client, in bytes.
  public var estimatedByteCount: Int
  /// Multiplications and additions of a step's matrix products.
  public var productOperations: Double
  /// These by the step's time, as a share of what large bfloat16 products reach on this machine.
  public var shareOfPeak: Double

  private enum CodingKeys: String, CodingKey {
    case tokensPerSecond = "tokens_per_second"
    case stepSeconds = "step_seconds"
    case stepSecondsRange = "step_seconds_range"
    case firstLoss = "first_loss"
    case startSeconds = "start_seconds"
    case peakByteCount = "peak_rss_bytes"
    case estimatedByteCount = "estimated_rss_bytes"
    case productOperations = "gemm_flops"
    case shareOfPeak = "share_of_peak"
  }

  init(
    tokenCount: Int,
    stepSeconds seconds: [Double],
    firstLoss: Double,
    startSeconds: Double,
    peakByteCount: Int,
    estimatedByteCount: Int,
    productOperations: Double
  ) {
    let sorted = seconds.sorted()
    stepSeconds = median(seconds)
    stepSecondsRange = [sorted[0], sorted[sorted.count - 1]]
    tokensPerSecond = Double(tokenCount) / stepSeconds
    self.firstLoss = firstLoss
    self.startSeconds = startSeconds
    self.peakByteCount = peakByteCount
    self.estimatedByteCount = estimatedByteCount
    self.productOperations = productOperations
    shareOfPeak = productOperations / stepSeconds / ProductRate.measured
  }
}
