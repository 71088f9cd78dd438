import DevFTFederation

/// Speed of the clients' devices for modelled times, and how long the server waits for them.
public struct DevicesConfiguration: Equatable, Sendable {
  /// Billions of floating-point operations a second, from 0.001; `nil`: times are not modelled.
  public var gigaflops: Double?
  /// Probability that a client's device is slow, from 0 to 1.
  public var slowShare = 0.0
  /// How many times as long a slow device takes, from 1 to 1,000,000.
  public var slowFactor = 4.0
  /// Seconds of modelled time after which an answer is too late, from 0.001; `nil`: it never is.
  public var deadline: Double?

  /// Creates the defaults.
  public init() {}

  /// The devices of a run, if times are modelled.
  ///
  /// - Parameter seed: Seed of the run.
  /// - Returns: The devices, or `nil`.
  func model(seed: UInt64) -> DeviceModel? {
    gigaflops.map {
      DeviceModel(
        operationsPerSecond: $0 * 1e9,
        slowShare: slowShare,
        slowFactor: slowFactor,
        seed: seed
      )
    }
  }
}

extension DevicesConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .optional(
        "gigaflops",
        \.gigaflops,
        .within(0.001...1e9),
        meaning: "billions of operations a second, for modelled times; null: times are not modelled"
      ),
      .value(
        "slow_share",
        \.slowShare,
        .within(0...1),
        meaning: "probability that a client's device is slow"
      ),
      .value(
        "slow_factor",
        \.slowFactor,
        .within(1...1e6),
        meaning: "how many times as long a slow device takes"
      ),
      .optional(
        "deadline",
        \.deadline,
        .within(0.001...1e9),
        meaning:
          "seconds of modelled time, training and transfer, after which an answer is too late; "
          + "null: it never is"
      ),
    ]
  }
}
