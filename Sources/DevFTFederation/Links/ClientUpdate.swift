public import DevFTTensor

/// What a client sends back after its local training.
///
/// It carries the trained values, not their change: the mean of one client is then that client's
/// exact numbers.
public struct ClientUpdate: Equatable, Sendable {
  /// The client, from 0.
  public var client: Int
  /// Round from 1 that the update answers.
  public var round: Int
  /// The trained adapter: names and shapes of the task's, one set a layer that is trained.
  ///
  /// Once the server has taken it in, one set a layer of the submodel, empty where the client has trained
  /// nothing.
  public var adapter: [NamedTensors]
  /// What the client sends beside it: the layers, names and shapes of the task's, or nothing.
  public var auxiliary: [NamedTensors]
  /// What the training took and gave.
  public var report: TrainingReport

  /// Describes an update.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - round: Round from 1 that the update answers.
  ///   - adapter: The trained adapter.
  ///   - auxiliary: What the client sends beside it; nothing by default.
  ///   - report: What the training took and gave.
  public init(
    client: Int,
    round: Int,
    adapter: [NamedTensors],
    auxiliary: [NamedTensors] = [],
    report: TrainingReport
  ) {
    self.client = client
    self.round = round
    self.adapter = adapter
    self.auxiliary = auxiliary
    self.report = report
  }

  /// The layers that the client has trained, of an update that the server has taken in.
  var ownedLayers: [Int] { adapter.indices.filter { adapter[$0].count > 0 } }
}

/// What one client's local training of one round took and gave.
public struct TrainingReport: Codable, Hashable, Sendable {
  /// Number of examples the client holds (`n_k` of federated averaging).
  public var exampleCount: Int
  /// Number of target tokens trained on in this round.
  public var tokenCount: Int
  /// Number of optimizer updates made; may be below what was asked.
  public var stepCount: Int
  /// Mean loss over the target tokens of all steps, in nats.
  public var loss: Double
  /// Time of the training.
  public var computeTime: Duration
  /// Floating-point operations of the training, by counting; 0 where nobody counts.
  public var operationCount: Double
  /// Peak resident memory of the client's process, in bytes.
  public var peakByteCount: Int
  /// Norm of each sent layer's gradient, the mean over the steps; none where nobody asks.
  public var layerGradientNorms: [Double]

  /// Describes a training.
  ///
  /// - Parameters:
  ///   - exampleCount: Number of examples the client holds.
  ///   - tokenCount: Number of target tokens trained on.
  ///   - stepCount: Number of optimizer updates made.
  ///   - loss: Mean loss over the target tokens, in nats.
  ///   - computeTime: Time of the training.
  ///   - operationCount: Floating-point operations of the training; 0 by default.
  ///   - peakByteCount: Peak resident memory in bytes, or 0 when not known.
  ///   - layerGradientNorms: Norm of each sent layer's gradient; none by default.
  public init(
    exampleCount: Int,
    tokenCount: Int,
    stepCount: Int,
    loss: Double,
    computeTime: Duration = .zero,
    operationCount: Double = 0,
    peakByteCount: Int = 0,
    layerGradientNorms: [Double] = []
  ) {
    self.exampleCount = exampleCount
    self.tokenCount = tokenCount
    self.stepCount = stepCount
    self.loss = loss
    self.computeTime = computeTime
    self.operationCount = operationCount
    self.peakByteCount = peakByteCount
    self.layerGradientNorms = layerGradientNorms
  }
}
