/// How the examples are dealt to the clients.
public struct PartitionConfiguration: Equatable, Sendable {
  /// The rule.
  public enum Kind: String, Sendable, CaseIterable {
    case iid, dirichlet, field, shards
    case powerLaw = "power-law"
  }

  /// The rule.
  public var kind = Kind.iid
  /// Field of the JSON rows that `field` and `dirichlet` look at.
  public var field: String?
  /// Concentration of the Dirichlet distribution, above 0: small is uneven.
  public var alpha = 0.5
  /// Shards that each client gets from the sorted examples, at least 1.
  public var shardsPerClient = 2
  /// Exponent of the power law of the clients' sizes, from 0 to 8.
  public var exponent = 1.0

  /// Creates the defaults.
  public init() {}
}

extension PartitionConfiguration.Kind: ConfigurationChoice {}

extension PartitionConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "kind",
        \.kind,
        meaning:
          "iid: dealt at random; dirichlet: labels in uneven shares; field: one client a value; "
          + "shards: runs of the examples sorted by label; power-law: dealt at random, sizes uneven"
      ),
      .optional("field", \.field, meaning: "field of the rows that holds the client or the label"),
      .value("alpha", \.alpha, .above(0), meaning: "concentration for dirichlet: small is uneven"),
      .value("shards_per_client", \.shardsPerClient, .atLeast(1), meaning: "runs for each client"),
      .value(
        "exponent",
        \.exponent,
        .within(0...8),
        meaning: "for power-law: the k-th largest client has a share in proportion to k^-exponent"
      ),
    ]
  }
}
