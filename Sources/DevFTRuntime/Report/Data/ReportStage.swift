/// One stage of the staged method; `nil` where it was not measured.
public struct ReportStage: Codable, Equatable, Sendable {
  /// Stage from 1.
  public var stage: Int
  /// Layers of the submodel.
  public var capacity: Int
  /// Number of rounds.
  public var rounds: Int
  /// The layers of each group, anchor first.
  public var groups: [[Int]] = []
  /// Whether every group is a run of consecutive layers.
  public var isContiguous: Bool?
  /// Smallest weight of an anchor in its representative.
  public var anchorCoefficient: Double?
  /// Mean of `‖rep‖ / ‖anchor‖`.
  public var normRatio: Double?
  /// Mean cosine of representative and anchor.
  public var cosine: Double?
  /// Held-out loss of the submodel before its first round, nats per token.
  public var submodelLossBefore: Double?
  /// Held-out loss of the submodel after its last round.
  public var submodelLossAfter: Double?
  /// Held-out loss of the full model before the transfer.
  public var fullLossBefore: Double?
  /// Held-out loss of the full model after the transfer.
  public var fullLossAfter: Double?
  /// Bytes of the stage, both ways, all clients.
  public var bytes: Int?
  /// Seconds of the stage.
  public var seconds: Double?
  /// Largest resident size of the process in bytes.
  public var peakMemory: Int?

  /// Creates a row without numbers.
  ///
  /// - Parameters:
  ///   - stage: Stage from 1.
  ///   - capacity: Layers of the submodel.
  ///   - rounds: Number of rounds.
  public init(stage: Int, capacity: Int, rounds: Int) {
    self.stage = stage
    self.capacity = capacity
    self.rounds = rounds
  }
}
