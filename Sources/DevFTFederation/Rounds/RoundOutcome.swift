/// How a round ended.
public struct RoundOutcome: Sendable {
  /// What the next round starts from; of a skipped round, what it started from itself.
  public var state: FederatedState
  /// Why nothing was combined, or `nil` when it was.
  public var skipReason: FederationError?
  /// What the round cost.
  public var meters: RoundMeters
  /// The accepted clients' reports.
  public var reports: [Int: TrainingReport]
  /// The layers that each client ran and trained, where those were not all.
  public var layers: [Int: LayerSelection]
  /// Mean of the accepted clients' losses, by aggregation weight, in nats per token; `nil` of a
  /// skipped round.
  public var loss: Double?
  /// What averaging factors instead of products cost, module by module; empty when not measured.
  public var aggregationErrors: [AggregationError]
  /// Clients whose answers to earlier rounds counted in this one, with the rounds that they were late.
  public var lateness: [Int: Int]
  /// Updates that did not count, by client.
  public var rejected: [RejectedUpdate]
  /// Clients that sent none, by client.
  public var failures: [ClientFailure]
}
