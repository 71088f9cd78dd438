/// Clients, rounds and the method of aggregation.
public struct FederationConfiguration: Equatable, Sendable {
  /// What clients train, what travels, and how the server combines it.
  public enum Method: String, Sendable, CaseIterable {
    case fedit
    case centralised
    case localOnly = "local-only"
  }

  /// What the aggregation weight of an update is.
  public enum Weighting: String, Sendable, CaseIterable { case examples, tokens, uniform }

  /// What clients train, what travels, and how the server combines it.
  public var method = Method.fedit
  /// Size of the population, at least 1.
  public var clients = 20
  /// Size of each cohort, from 1 to `clients`.
  public var clientsPerRound = 2
  /// Rounds of all stages together, from 1 to 1,000,000.
  public var rounds = 40
  /// Fewest updates that close a round, from 1 to `clientsPerRound`.
  public var minClients = 1
  /// Probability that a client sends nothing in a round, from 0 to less than 1.
  public var dropout = 0.0
  /// What the aggregation weight of an update is.
  public var weighting = Weighting.examples
  /// Clients that train at the same time, at least 1; changes no result.
  public var workers = 1

  /// Creates the defaults.
  public init() {}
}

extension FederationConfiguration.Method: ConfigurationChoice {}
extension FederationConfiguration.Weighting: ConfigurationChoice {}

extension FederationConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "method",
        \.method,
        meaning: "fedit: weighted mean of the adapters; centralised: all examples on one client; "
          + "local-only: clients never share"
      ),
      .value("clients", \.clients, .atLeast(1), meaning: "size of the population"),
      .value("clients_per_round", \.clientsPerRound, .atLeast(1), meaning: "size of each cohort"),
      .value("rounds", \.rounds, .within(1...1_000_000), meaning: "rounds of all stages together"),
      .value(
        "min_clients",
        \.minClients,
        .atLeast(1),
        meaning: "fewest updates that close a round"
      ),
      .value(
        "dropout",
        \.dropout,
        .within(0..<1),
        meaning: "probability that a client sends nothing in a round; min_clients always do"
      ),
      .value("weighting", \.weighting, meaning: "what the aggregation weight of an update is"),
      .value(
        "workers",
        \.workers,
        .within(1...1024),
        meaning: "clients that train at the same time; changes no result"
      ),
    ]
  }
}
