#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How the learning rate moves over the steps of one training.
public struct StepSchedule: Equatable, Sendable {
  /// The curve after the warm-up.
  public enum Shape: String, CaseIterable, Codable, Sendable {
    /// Stays at the peak.
    case constant
    /// Half a cosine from the peak down to the final rate.
    case cosine
    /// A straight line from the peak down to the final rate.
    case linear
  }

  /// The curve after the warm-up.
  public var shape: Shape
  /// Highest learning rate, above 0.
  public var peak: Double
  /// Learning rate at the end of a falling curve, at least 0.
  public var final: Double
  /// Steps over which the rate climbs from 0 to the peak.
  public var warmupSteps: Int
  /// Steps in all.
  public var stepCount: Int

  /// Describes a schedule.
  ///
  /// - Parameters:
  ///   - shape: The curve after the warm-up.
  ///   - peak: Highest learning rate, above 0.
  ///   - final: Learning rate at the end of a falling curve; 0 by default.
  ///   - warmupSteps: Steps of the climb; 0 by default.
  ///   - stepCount: Steps in all.
  public init(
    shape: Shape,
    peak: Double,
    final: Double = 0,
    warmupSteps: Int = 0,
    stepCount: Int
  ) {
    self.shape = shape
    self.peak = peak
    self.final = final
    self.warmupSteps = warmupSteps
    self.stepCount = stepCount
  }

  /// The rate of a step.
  ///
  /// The climb gives `peak · (step + 1) / warmupSteps`; after it, with `x` the share of the
  /// remaining steps that are done, the curve gives `final + (peak − final) · f(x)`.
  ///
  /// - Parameter step: Step from 0.
  /// - Returns: The learning rate.
  public func rate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    let remaining = max(1, stepCount - warmupSteps)
    let done = min(1, Double(step - warmupSteps) / Double(remaining))
    switch shape {
    case .constant: return peak
    case .cosine: return final + (peak - final) * 0.5 * (1 + cos(.pi * done))
    case .linear: return final + (peak - final) * (1 - done)
    }
  }
}
