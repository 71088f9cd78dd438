/// Shape and place of the adapter.
public struct AdapterConfiguration: Equatable, Sendable {
  /// A projection of a decoder layer that can carry an adapter.
  public enum Target: String, Sendable, CaseIterable { case q, k, v, o, gate, up, down }

  /// Rank, at least 1.
  public var rank = 32
  /// The adapter is scaled by `alpha / rank`; above 0.
  public var alpha = 64.0
  /// The projections that carry an adapter: at least one, none twice.
  public var targets: [Target] = [.q, .v]
  /// Probability of dropping an input of the adapter, from 0 to less than 1.
  public var dropout = 0.0

  /// Creates the defaults.
  public init() {}
}

extension AdapterConfiguration.Target: ConfigurationChoice {}

extension AdapterConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("rank", \.rank, .within(1...65536), meaning: "rank of each adapter"),
      .value("alpha", \.alpha, .above(0), meaning: "the adapter is scaled by alpha / rank"),
      .value("targets", \.targets, .distinct(), meaning: "projections that carry an adapter"),
      .value(
        "dropout",
        \.dropout,
        .within(0..<1),
        meaning: "probability of dropping an adapter's input"
      ),
    ]
  }
}
