public import DevFTFederation
import Foundation

/// One line of `metrics.jsonl`: what a round did and cost.
public struct RoundRecord: Codable, Sendable {
  /// Round from 1.
  public var round: Int
  /// Stage from 1.
  public var stage: Int
  /// Layers of the stage's submodel; where clients ran some of them, the most that one ran.
  public var capacity: Int
  /// Clients that were asked.
  public var cohort: [Int]
  /// Learning rate of the round.
  public var learningRate: Double
  /// Mean training loss of the submodel over the round's updates, in nats per target token; none of a
  /// skipped round.
  public var loss: Double?
  /// Why the round changed nothing, where it was skipped.
  public var skipped: String?
  /// Held-out loss of the full-depth model after the round, where it was measured.
  public var heldOutLoss: Double?
  /// Share of the held-out classes that an encoder of full depth got right, where it was measured.
  public var heldOutAccuracy: Double?
  /// What the full-depth model reached on `eval.tasks`, by task, where it was measured.
  public var benchmarks: [String: Double]?
  /// Held-out losses of the method's other results, by name, where there are any and were measured.
  public var otherLosses: [String: Double]?
  /// Held-out loss of the submodel after the round, where it was measured.
  public var submodelLoss: Double?
  /// Bytes of the round by kind, all clients together.
  public var bytes: Traffic
  /// Training time of the clients, in seconds, all together.
  public var computeSeconds: Double
  /// Time the server spent on checking and combining, in seconds.
  public var serverSeconds: Double
  /// Modelled time on the wire, in seconds.
  public var transferSeconds: Double
  /// Floating-point operations of the clients' training, all together.
  public var operations: Double?
  /// Modelled time of the round, in seconds: the slowest client's transfer and training, at most the
  /// deadline; none where `devices.gigaflops` is not set.
  public var roundSeconds: Double?
  /// Target tokens that were trained on.
  public var targetTokens: Int
  /// Bytes, seconds and memory of each client.
  public var clients: [Int: ClientMeters]
  /// Layers that each client ran and trained, where those were not all.
  public var layers: [Int: LayerSelection]?
  /// The planner's estimate of a client's resident memory in this round, in bytes.
  public var estimatedBytes: Int
  /// Largest resident size of the process so far in this stage, in bytes.
  public var peakBytes: Int
  /// Mean aggregation error over the modules; 0 where none is measured.
  public var aggregationError: Double
  /// What has been merged into the base, where anything has.
  public var bank: BankRecord?
  /// Clients whose answers to earlier rounds counted, with the rounds that they were late, where any did.
  public var lateness: [Int: Int]?
  /// Updates that did not count, with the reason.
  public var rejected: [String]
  /// Clients that sent none, with the reason.
  public var failed: [String]

  private enum CodingKeys: String, CodingKey {
    case round, stage, capacity, cohort, loss, bytes, rejected, failed, clients, layers, bank,
      lateness
    case skipped, benchmarks
    case learningRate = "learning_rate"
    case heldOutLoss = "held_out_loss"
    case heldOutAccuracy = "held_out_accuracy"
    case otherLosses = "other_losses"
    case submodelLoss = "submodel_loss"
    case computeSeconds = "compute_seconds"
    case serverSeconds = "server_seconds"
    case transferSeconds = "transfer_seconds"
    case operations = "flops"
    case roundSeconds = "round_seconds"
    case targetTokens = "target_tokens"
    case estimatedBytes = "estimated_bytes"
    case peakBytes = "peak_bytes"
    case aggregationError = "aggregation_error"
  }
}

/// `stages/N/losses.json`: whether what a submodel learnt holds in the whole model.
public struct StageLosses: Codable, Sendable {
  /// Path of a stage's file below the run directory.
  static func name(ofStage stage: Int) -> String { "stages/\(stage)/losses.json" }

  /// Held-out loss of the submodel before its first round.
  public var submodelBefore: Double?
  /// Held-out loss of the submodel after its last round.
  public var submodelAfter: Double?
  /// Held-out loss of the full-depth model before the stage's transfer.
  public var fullBefore: Double?
  /// Held-out loss of the full-depth model after it.
  public var fullAfter: Double?

  private enum CodingKeys: String, CodingKey {
    case submodelBefore = "submodel_before"
    case submodelAfter = "submodel_after"
    case fullBefore = "full_before"
    case fullAfter = "full_after"
  }
}
