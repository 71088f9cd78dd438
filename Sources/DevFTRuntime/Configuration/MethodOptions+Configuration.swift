import DevFTFederation

extension MethodOptions.UpdateMean: ConfigurationChoice {}
extension MethodOptions.SecondMoment: ConfigurationChoice {}
extension MethodOptions.FedSAResult: ConfigurationChoice {}

extension MethodOptions: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "mu",
        \.proximalWeight,
        .atLeast(0),
        meaning: "fedprox: weight of the pull to the round's start"
      ),
      .value(
        "server_learning_rate",
        \.serverLearningRate,
        .above(0),
        meaning: "fedadagrad, fedyogi, fedadam: step of the server"
      ),
      .value(
        "server_momentum",
        \.serverMomentum,
        .within(0..<1),
        meaning: "fedavgm: share of the old momentum"
      ),
      .value(
        "server_beta1",
        \.serverBeta1,
        .within(0..<1),
        meaning: "fedyogi, fedadam: share of the old first moment"
      ),
      .value(
        "server_beta2",
        \.serverBeta2,
        .within(0..<1),
        meaning: "fedyogi, fedadam: share of the old second moment"
      ),
      .value(
        "server_tau",
        \.serverTau,
        .above(0),
        meaning: "fedadagrad, fedyogi, fedadam: added to the root of the second moment, "
          + "which starts at its square"
      ),
      .value(
        "update_mean",
        \.updateMean,
        meaning: "fedadagrad, fedyogi, fedadam: uniform: plain mean of the clients' changes, as in "
          + "OpenFedLLM; weighted: by federation.weighting"
      ),
      .value(
        "second_moment",
        \.secondMoment,
        meaning: "fedyogi, fedadam: momentum: follows the squared momentum, as in OpenFedLLM; "
          + "update: the squared mean change, as in the paper"
      ),
      .value(
        "fedsa_result",
        \.fedSAResult,
        meaning: "fedsa-lora: the model that counts: client_mean: each client's, the plain mean of "
          + "their losses; global_meanB: one with the mean of all B, which then travel up; zero_B: "
          + "the server's, equal to the base model"
      ),
      .value(
        "fair_ridge",
        \.fairRidge,
        .above(0),
        meaning: "lora-fair: weight that keeps the correction of B small"
      ),
      .value(
        "rank_share",
        \.rankShare,
        .within(0.01...1),
        meaning: "hetlora: share of its rank that a client keeps when it prunes; 1: no pruning"
      ),
      .value(
        "rank_penalty",
        \.rankPenalty,
        .atLeast(0),
        meaning: "hetlora: weight of the penalty on the ranks that pruning would drop"
      ),
      .value(
        "smallest_rank",
        \.smallestRank,
        .atLeast(1),
        meaning: "hetlora: rank at which pruning ends"
      ),
      .value(
        "bank_rank",
        \.bankRank,
        .atLeast(0),
        meaning:
          "flora, fedex-lora: ranks of a module that are kept of what was merged, the rest is "
          + "cut; 0: all"
      ),
      .value(
        "domains",
        \.domains,
        .atLeast(1),
        meaning: "dofit: number of domains; clients of which most examples have the same value of "
          + "data.partition.field share one, without a field they are dealt with the seed"
      ),
      .value(
        "domain_names",
        \.domainNames,
        .atLeast(1),
        meaning:
          "dofit: tensors of the whole model, those of the largest norms, that a domain may share"
      ),
    ]
  }
}
