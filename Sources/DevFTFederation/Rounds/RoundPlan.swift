public import DevFTTensor

/// What the server sets out to do in one round.
public struct RoundPlan: Equatable, Sendable {
  /// Round from 1, counted over the whole run.
  public var round: Int
  /// Stage from 1.
  public var stage: Int
  /// First round of the stage.
  public var firstRoundOfStage: Int
  /// The last earlier round whose cohort a client was in; clients that were in none are missing.
  public var lastRounds: [Int: Int]
  /// The clients that take part, each once.
  public var cohort: [Int]
  /// How they train.
  public var training: LocalTrainingTask
  /// Bytes to a client beside the adapter, such as a stage's fused layers.
  public var shipments: [Int: Traffic]
  /// What every client can make for itself in place of the adapter, one set a layer of the submodel; a
  /// wire format of differences sends what the adapter has learnt since.
  public var reference: [NamedTensors]

  /// Plans a round.
  ///
  /// - Parameters:
  ///   - round: Round from 1.
  ///   - stage: Stage from 1.
  ///   - firstRoundOfStage: First round of the stage; 1 by default.
  ///   - lastRounds: The last earlier round whose cohort a client was in; none by default.
  ///   - cohort: The clients that take part, each once and at least one.
  ///   - training: How they train.
  ///   - shipments: Bytes to a client beside the adapter; none by default.
  ///   - reference: What every client can make in place of the adapter; zeros by default.
  public init(
    round: Int,
    stage: Int,
    firstRoundOfStage: Int = 1,
    lastRounds: [Int: Int] = [:],
    cohort: [Int],
    training: LocalTrainingTask,
    shipments: [Int: Traffic] = [:],
    reference: [NamedTensors] = []
  ) {
    precondition(
      !cohort.isEmpty && Set(cohort).count == cohort.count,
      "cohort \(cohort) must name at least one client and none twice"
    )
    self.round = round
    self.stage = stage
    self.firstRoundOfStage = firstRoundOfStage
    self.lastRounds = lastRounds
    self.cohort = cohort
    self.training = training
    self.shipments = shipments
    self.reference = reference
  }

  /// Where a client's task of the round stands.
  ///
  /// - Parameter client: The client, from 0.
  /// - Returns: Its place.
  func place(of client: Int) -> TaskPlace {
    TaskPlace(
      round: round,
      roundOfStage: round - firstRoundOfStage + 1,
      lastRound: lastRounds[client]
    )
  }
}
