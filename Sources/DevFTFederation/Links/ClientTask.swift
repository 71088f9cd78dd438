public import DevFTTensor

/// How long and how fast a client trains in one round.
public struct LocalTrainingTask: Codable, Hashable, Sendable {
  /// Learning rate of the whole round.
  public var learningRate: Double
  /// Number of optimizer updates.
  public var stepCount: Int
  /// Examples of one step.
  public var batchExampleCount: Int

  /// Describes the local training of a round.
  ///
  /// - Parameters:
  ///   - learningRate: Learning rate of the whole round.
  ///   - stepCount: Number of optimizer updates.
  ///   - batchExampleCount: Examples of one step.
  public init(learningRate: Double, stepCount: Int, batchExampleCount: Int) {
    self.learningRate = learningRate
    self.stepCount = stepCount
    self.batchExampleCount = batchExampleCount
  }
}

/// What the server asks one client to do in one round.
public struct ClientTask: Equatable, Sendable {
  /// The client, from 0.
  public var client: Int
  /// Stage from 1; it says which submodel `adapter` belongs to.
  public var stage: Int
  /// Round, and when the client last took part.
  public var place: TaskPlace
  /// The adapter to start from, one set a layer of the submodel.
  public var adapter: [NamedTensors]
  /// What the server sends beside the adapter, one set a layer, or nothing.
  public var auxiliary: [NamedTensors]
  /// What the client has kept from its last round, one set a layer, or nothing; it never travels.
  public var kept: [NamedTensors]
  /// Frozen factors beside the base, one set a layer, or nothing: what has been merged so far.
  public var bank: [NamedTensors]
  /// How to train it.
  public var training: LocalTrainingTask

  /// Round from 1.
  public var round: Int { place.round }

  /// Describes a task.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - stage: Stage from 1.
  ///   - place: Round, and when the client last took part.
  ///   - adapter: The adapter to start from.
  ///   - auxiliary: What the server sends beside it; nothing by default.
  ///   - kept: What the client has kept; nothing by default.
  ///   - bank: Frozen factors beside the base; nothing by default.
  ///   - training: How to train it.
  public init(
    client: Int,
    stage: Int,
    place: TaskPlace,
    adapter: [NamedTensors],
    auxiliary: [NamedTensors] = [],
    kept: [NamedTensors] = [],
    bank: [NamedTensors] = [],
    training: LocalTrainingTask
  ) {
    self.client = client
    self.stage = stage
    self.place = place
    self.adapter = adapter
    self.auxiliary = auxiliary
    self.kept = kept
    self.bank = bank
    self.training = training
  }
}
