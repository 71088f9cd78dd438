import DevFTFederation

extension MethodOptions.UpdateMean: ConfigurationChoice {}
extension MethodOptions.SecondMoment: ConfigurationChoice {}
extension MethodOptions.FedSAResult: ConfigurationChoice {}
extension MethodOptions.ProgFedSchedule: ConfigurationChoice {}

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
        "averaging_power",
        \.averagingPower,
        .atLeast(0),
        meaning: "fedswa: rounds weigh as this power of their place; 0: all alike"
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
    ] + bankKeys + domainKeys + hyperNetworkKeys + layerKeys
  }

  /// Keys of the methods that merge into the base.
  private static var bankKeys: [ConfigurationKey<Self>] {
    [
      .value(
        "bank_rank",
        \.bankRank,
        .atLeast(0),
        meaning:
          "flora, fedex-lora: ranks of a module that are kept of what was merged, the rest is "
          + "cut; 0: all"
      )
    ]
  }

  /// Keys of the method of domains.
  private static var domainKeys: [ConfigurationKey<Self>] {
    [
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

  /// Keys of the method that trains a hypernetwork.
  private static var hyperNetworkKeys: [ConfigurationKey<Self>] {
    [
      .value(
        "clusters",
        \.clusters,
        .within(1...1024),
        meaning:
          "c2a: kinds of instructions, found among the public prompts; an encoder has its labels"
      ),
      .value(
        "condition_width",
        \.conditionWidth,
        .within(1...1024),
        meaning: "c2a: numbers from which the adapter of a layer is made"
      ),
      .value(
        "latent_width",
        \.latentWidth,
        .within(1...4096),
        meaning: "c2a: inner width of the network that makes the factors"
      ),
    ]
  }

  /// Keys of the methods that choose layers.
  private static var layerKeys: [ConfigurationKey<Self>] {
    [
      .value(
        "progfed_schedule",
        \.progFedSchedule,
        meaning:
          "progfed: paper: equal blocks, each for an equal part of half the rounds, then all layers; "
          + "matched: DevFT's capacities and equal stages"
      ),
      .value(
        "progfed_stages",
        \.progFedStages,
        .within(1...1024),
        meaning: "progfed: blocks of the schedule `paper`"
      ),
      .optional(
        "progfed_capacities",
        \.progFedCapacities,
        .increasing,
        meaning: "progfed: layers of each stage of the schedule `matched`; null: DevFT's"
      ),
      .optional(
        "growth_layers",
        \.growthLayers,
        .increasing,
        meaning: "top-growth: upper layers trained in each stage; null: DevFT's"
      ),
      .optional(
        "growth_rounds",
        \.growthRounds,
        .positive,
        meaning: "top-growth: rounds of each stage, together federation.rounds; null: equal shares"
      ),
      .optional(
        "layers",
        \.layers,
        .atLeast(1),
        meaning:
          "random-layers, top-layers, even-layers: layers trained in a round; fedpruner: layers "
          + "of a client; null: the mean of DevFT's capacities"
      ),
      .optional(
        "client_layers",
        \.clientLayers,
        .positive,
        meaning:
          "fedpruner: layers of a client, dealt in turn in an order drawn with the seed; null: all "
          + "have `layers`"
      ),
      .value(
        "importance_memory",
        \.importanceMemory,
        .within(0..<1),
        meaning: "fedpruner: share of the old importance of a layer"
      ),
      .optional(
        "window",
        \.window,
        .atLeast(1),
        meaning: "chainfed: layers trained in a round; null: a quarter of all"
      ),
      .value(
        "chain_weight",
        \.chainWeight,
        .atLeast(0),
        meaning: "chainfed: weight of the loss behind the adapters above the window"
      ),
      .value(
        "chain_threshold",
        \.chainThreshold,
        .within(0...1),
        meaning:
          "chainfed: training begins at the first layer whose output is less like its input (CKA)"
      ),
    ]
  }
}
