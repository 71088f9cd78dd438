public import DevFTFederation

/// Clients, rounds and the method of aggregation.
public struct FederationConfiguration: Equatable, Sendable {
  /// What the aggregation weight of an update is.
  public enum Weighting: String, Sendable, CaseIterable { case examples, tokens, uniform }

  /// What clients train, what travels, and how the server combines it.
  public var method = Method.fedit
  /// Size of the population, at least 1.
  public var clients = 20
  /// Size of each cohort, from 1 to `clients`.
  public var clientsPerRound = 2
  /// Clients a round by stage, growing to `clientsPerRound`; `nil`: `clientsPerRound` in every round.
  public var cohorts: [Int]?
  /// Rounds of each of these stages, together `rounds`; `nil`: equal shares.
  public var cohortRounds: [Int]?
  /// Rounds of all stages together, from 1 to 1,000,000.
  public var rounds = 40
  /// Fewest updates that close a round, from 1 to `clientsPerRound`.
  public var minClients = 1
  /// Probability that a client sends nothing in a round, from 0 to less than 1.
  public var dropout = 0.0
  /// What becomes of an answer that comes after its round.
  public var stragglers = Stragglers.drop
  /// What the aggregation weight of an update is.
  public var weighting = Weighting.examples
  /// Rounds in a row without enough updates at which the run stops, at least 1.
  public var maxSkippedRounds = 3
  /// Clients that train at the same time, at least 1; changes no result.
  public var workers = 1
  /// Ranks that are dealt to the clients with the seed, each from 1 to `lora.rank`; `nil`: all have the
  /// whole rank.
  public var ranks: [Int]?
  /// JSONL file of public prompts, whose answers are not looked at; `nil`: the held-out examples.
  public var prompts: String?
  /// Hyper-parameters of the methods; each reads its own.
  public var options = MethodOptions()

  /// Creates the defaults.
  public init() {}
}

extension FederationConfiguration.Weighting: ConfigurationChoice {}
extension Stragglers: ConfigurationChoice {}

extension FederationConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("method", \.method, meaning: Method.meanings),
      .value("clients", \.clients, .atLeast(1), meaning: "size of the population"),
      .value("clients_per_round", \.clientsPerRound, .atLeast(1), meaning: "size of each cohort"),
      .optional(
        "cohorts",
        \.cohorts,
        .increasing,
        meaning:
          "clients a round by stage, growing to clients_per_round; null: as many in every round"
      ),
      .optional(
        "cohort_rounds",
        \.cohortRounds,
        .positive,
        meaning: "rounds of each of these stages, together federation.rounds; null: equal shares"
      ),
      .value("rounds", \.rounds, .within(1...1_000_000), meaning: "rounds of all stages together"),
      .value(
        "min_clients",
        \.minClients,
        .atLeast(1),
        meaning: "fewest updates that close a round; with fewer it is skipped"
      ),
      .value(
        "max_skipped_rounds",
        \.maxSkippedRounds,
        .atLeast(1),
        meaning: "skipped rounds in a row at which the run stops"
      ),
      .value(
        "dropout",
        \.dropout,
        .within(0..<1),
        meaning: "probability that a client sends nothing in a round; min_clients always do"
      ),
      .value(
        "stragglers",
        \.stragglers,
        meaning:
          "an answer after its round's deadline; stale: counts in the round in which it comes, for "
          + "1 / sqrt(1 + rounds late) of its weight, in the same stage"
      ),
      .value("weighting", \.weighting, meaning: "what the aggregation weight of an update is"),
      .value(
        "workers",
        \.workers,
        .within(1...1024),
        meaning: "clients that train at the same time; changes no result"
      ),
      .optional(
        "ranks",
        \.ranks,
        .positive,
        meaning:
          "ranks dealt to the clients in turn, in an order drawn with the seed, each at most "
          + "lora.rank; null: all have lora.rank"
      ),
      .optional(
        "prompts",
        \.prompts,
        meaning:
          "fedpruner, c2a: JSONL file of public examples, whose prompts show the server which layers are "
          + "alike, and what there is to ask; null: the held-out ones"
      ),
      .section("options", \.options, meaning: "hyper-parameters of the methods"),
    ]
  }
}

extension FederationConfiguration {
  /// How cohorts grow; `nil`: they do not.
  var cohortGrowth: CohortGrowth? {
    get throws(FederationError) {
      guard let cohorts else { return nil }
      return try CohortGrowth(counts: cohorts, roundCounts: cohortRounds, totalRounds: rounds)
    }
  }
}
