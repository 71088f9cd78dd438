/// Hyper-parameters of the federated methods; a method reads those that it knows.
public struct MethodOptions: Equatable, Sendable {
  /// Which mean of the clients' changes a server optimizer follows.
  public enum UpdateMean: String, CaseIterable, Sendable {
    /// One vote a client, as OpenFedLLM has it.
    case uniform
    /// By aggregation weight.
    case weighted
  }

  /// What the second moment of a server optimizer is made from.
  public enum SecondMoment: String, CaseIterable, Sendable {
    /// The squared momentum, as OpenFedLLM has it.
    case momentum
    /// The squared mean change, as the paper has it.
    case update
  }

  /// Which model counts as FedSA-LoRA's result.
  public enum FedSAResult: String, CaseIterable, Sendable {
    /// Each client's own model; the plain mean of their losses.
    case clientMean = "client_mean"
    /// One model with the weighted mean of the clients' last B; they send B too.
    case globalMeanB = "global_meanB"
    /// The server's own: its B is zero, so this is the base model.
    case zeroB = "zero_B"
  }

  /// How ProgFed grows.
  public enum ProgFedSchedule: String, CaseIterable, Sendable {
    /// Equal blocks, each for `T / (2 S)` rounds, then the whole model.
    case paper
    /// DevFT's capacities and equal stages.
    case matched
  }

  /// Weight `μ` of FedProx's pull to the start of the round, at least 0.
  public var proximalWeight = 0.01
  /// Power `η` of a round's place in FedSWA's mean over rounds, at least 0; 0 weighs all alike.
  public var averagingPower = 8.0
  /// Step `η` of FedAdagrad, FedYogi and FedAdam, above 0.
  public var serverLearningRate = 1e-3
  /// Share of the old momentum in FedAvgM, in `[0, 1)`.
  public var serverMomentum = 0.9
  /// Share `β₁` of the old first moment in FedYogi and FedAdam, in `[0, 1)`.
  public var serverBeta1 = 0.9
  /// Share `β₂` of the old second moment in FedYogi and FedAdam, in `[0, 1)`.
  public var serverBeta2 = 0.99
  /// Term `τ` beside the root of the second moment, which starts at `τ²`; above 0.
  public var serverTau = 1e-3
  /// Which mean FedAdagrad, FedYogi and FedAdam follow.
  public var updateMean = UpdateMean.uniform
  /// What the second moment of FedYogi and FedAdam is made from.
  public var secondMoment = SecondMoment.momentum
  /// Which model counts as FedSA-LoRA's result.
  public var fedSAResult = FedSAResult.clientMean
  /// Ridge `λ` of LoRA-FAIR's correction, above 0.
  public var fairRidge = 0.01
  /// Share `γ` of its rank that a HETLoRA client keeps when it prunes, above 0 and at most 1.
  public var rankShare = 0.99
  /// Weight `λ` of HETLoRA's penalty on the last ranks, at least 0.
  public var rankPenalty = 1e-3
  /// Rank below which no HETLoRA client prunes itself, at least 1.
  public var smallestRank = 1
  /// Ranks of a module that FLoRA and FedEx-LoRA keep of what was merged; 0 keeps all.
  public var bankRank = 0
  /// Number of DoFIT's domains, at least 1.
  public var domains = 2
  /// Tensors of the whole model, those of the largest norms, that a DoFIT domain may share; at least 1.
  public var domainNames = 15
  /// Clusters `C` of instructions that C2A tells apart, at least 1; an encoder's labels come in their place.
  public var clusters = 8
  /// Numbers `t` of the condition from which C2A makes a layer's adapter, at least 1.
  public var conditionWidth = 8
  /// Inner width `c` of C2A's heads, at least 1.
  public var latentWidth = 32

  /// How ProgFed grows.
  public var progFedSchedule = ProgFedSchedule.paper
  /// Blocks `S` of ProgFed's own schedule, at least 1.
  public var progFedStages = 4
  /// Layers of each stage of ProgFed's matched schedule, increasing to all; `nil`: DevFT's.
  public var progFedCapacities: [Int]?
  /// Upper layers that each stage of `top-growth` trains, increasing to all; `nil`: DevFT's.
  public var growthLayers: [Int]?
  /// Rounds of each of them, together the run's; `nil`: equal parts.
  public var growthRounds: [Int]?
  /// Layers `K` that a client of the layer baselines trains in a round, and that a FedPruner client has,
  /// at least 1; `nil`: DevFT's mean.
  public var layers: Int?
  /// Layers `K` dealt to FedPruner's clients in turn, each at least 1; `nil`: all have `layers`.
  public var clientLayers: [Int]?
  /// Share `ρ` of the old importance of a layer in FedPruner, in `[0, 1)`.
  public var importanceMemory = 0.9
  /// Layers `Q` of ChainFed's window, at least 1; `nil`: a quarter.
  public var window: Int?
  /// Weight `λ` of ChainFed's global loss, at least 0.
  public var chainWeight = 0.2
  /// Similarity of output and input below which ChainFed trains a layer, in `[0, 1]`.
  public var chainThreshold = 0.8

  /// The defaults of the literature.
  public init() {}
}
