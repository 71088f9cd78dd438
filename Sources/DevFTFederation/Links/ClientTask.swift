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
  /// Which layers of the submodel the client runs and trains; `nil`: all.
  public var layers: LayerSelection?
  /// Layers whose adapters the client need not be sent: it holds them, or nobody has trained them yet.
  public var untouchedLayers: [Int]
  /// The adapter to start from, one set a layer that runs.
  public var adapter: [NamedTensors]
  /// What the adapter has come from, where differences travel; a link that sends them needs it.
  public var difference: AdapterDifference?
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

  /// The part of the adapter that travels down, one set a layer; which tensors of it do, the method says.
  public var shippedAdapter: [NamedTensors] {
    guard let layers else { return adapter }
    let untouched = Set(untouchedLayers)
    return zip(layers.present, adapter).filter { !untouched.contains($0.0) }.map(\.1)
  }

  /// The part of the adapter that is trained, and travels up after it: one set a layer.
  public var trainedAdapter: [NamedTensors] { layers?.trained(of: adapter) ?? adapter }

  /// Describes a task.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - stage: Stage from 1.
  ///   - place: Round, and when the client last took part.
  ///   - layers: Which layers the client runs and trains; `nil`, the default: all.
  ///   - untouchedLayers: Layers whose adapters it need not be sent; none by default.
  ///   - adapter: The adapter to start from, one set a layer that runs.
  ///   - difference: What it has come from, where differences travel; nothing by default.
  ///   - auxiliary: What the server sends beside it; nothing by default.
  ///   - kept: What the client has kept; nothing by default.
  ///   - bank: Frozen factors beside the base; nothing by default.
  ///   - training: How to train it.
  public init(
    client: Int,
    stage: Int,
    place: TaskPlace,
    layers: LayerSelection? = nil,
    untouchedLayers: [Int] = [],
    adapter: [NamedTensors],
    difference: AdapterDifference? = nil,
    auxiliary: [NamedTensors] = [],
    kept: [NamedTensors] = [],
    bank: [NamedTensors] = [],
    training: LocalTrainingTask
  ) {
    self.client = client
    self.stage = stage
    self.place = place
    self.layers = layers
    self.untouchedLayers = untouchedLayers
    self.adapter = adapter
    self.difference = difference
    self.auxiliary = auxiliary
    self.kept = kept
    self.bank = bank
    self.training = training
  }
}
