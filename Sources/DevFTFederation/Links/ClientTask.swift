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
  /// Round from 1.
  public var round: Int
  /// Stage from 1; it says which submodel `adapter` belongs to.
  public var stage: Int
  /// The adapter to start from, one set a layer of the submodel.
  public var adapter: [NamedTensors]
  /// How to train it.
  public var training: LocalTrainingTask

  /// Describes a task.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - round: Round from 1.
  ///   - stage: Stage from 1.
  ///   - adapter: The adapter to start from.
  ///   - training: How to train it.
  public init(
    client: Int,
    round: Int,
    stage: Int,
    adapter: [NamedTensors],
    training: LocalTrainingTask
  ) {
    self.client = client
    self.round = round
    self.stage = stage
    self.adapter = adapter
    self.training = training
  }
}
