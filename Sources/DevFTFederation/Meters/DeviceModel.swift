import DevFTTensor

/// How fast devices compute, for modelled times.
///
/// Some of them are slow: which ones depends on seed and client alone, so every method of a comparison
/// has the same ones.
public struct DeviceModel: Hashable, Sendable {
  /// Floating-point operations a second of a device that is not slow, above 0.
  public let operationsPerSecond: Double
  /// Probability that a client's device is slow, in `0 ... 1`.
  public let slowShare: Double
  /// How many times as long a slow device takes, at least 1.
  public let slowFactor: Double
  /// Seed of the run.
  public let seed: UInt64

  private static let longestSeconds = 1e9

  /// Describes devices.
  ///
  /// - Parameters:
  ///   - operationsPerSecond: Floating-point operations a second, above 0.
  ///   - slowShare: Probability that a client's device is slow, in `0 ... 1`.
  ///   - slowFactor: How many times as long a slow device takes, at least 1.
  ///   - seed: Seed of the run.
  public init(operationsPerSecond: Double, slowShare: Double, slowFactor: Double, seed: UInt64) {
    precondition(operationsPerSecond > 0, "\(operationsPerSecond) operations a second")
    precondition((0...1).contains(slowShare) && slowFactor >= 1, "\(slowShare), \(slowFactor)")
    self.operationsPerSecond = operationsPerSecond
    self.slowShare = slowShare
    self.slowFactor = slowFactor
    self.seed = seed
  }

  /// Whether a client's device is slow.
  ///
  /// - Parameter client: The client, from 0.
  /// - Returns: `true` for about `slowShare` of all clients.
  public func isSlow(_ client: Int) -> Bool {
    var stream = RandomStream(seed: seed, purpose: "slowness", client: client)
    return stream.nextUniform() < slowShare
  }

  /// Time that a client's device takes.
  ///
  /// - Parameters:
  ///   - operations: Floating-point operations, at least 0.
  ///   - client: The client, from 0.
  /// - Returns: The time, to the nanosecond; thirty years at most, whatever a report claims.
  public func computeTime(of operations: Double, client: Int) -> Duration {
    let factor = isSlow(client) ? slowFactor : 1
    return Duration(
      nearestNanosecondTo: min(operations / operationsPerSecond * factor, Self.longestSeconds)
    )
  }
}
