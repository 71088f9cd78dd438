public import DevFTModel
public import DevFTTensor

/// What somebody else changes about the steps of a local training, such as a federated method.
public struct StepRule: Sendable {
  /// Whether a tensor of this name is trained; if not, it has no gradient and no optimizer state.
  public var trains: @Sendable (_ tensorName: String) -> Bool = { _ in true }
  /// Layers of the decoder that are trained, at least one, while the others stay; `nil`: all.
  public var trainedLayers: Set<Int>?
  /// What a second loss goes through; `nil`: there is none.
  public var chain: AdapterChain?
  /// Makes the adapter that the model runs, and what carries its gradient back to the trained tensors, for
  /// the examples of a batch, by index; `nil`: the model runs what is trained.
  public var generate: (@Sendable (_ trained: [NamedTensors], _ batch: [Int]) -> Generated)?
  /// Adds to the gradients of the trained tensors, taken at an adapter, before they are clipped.
  public var addGradients:
    @Sendable (_ gradients: inout [NamedTensors], _ adapter: [NamedTensors]) -> Void = { _, _ in }
  /// Moves the adapter after an optimizer step.
  public var correct: @Sendable (_ adapter: inout [NamedTensors], _ learningRate: Double) -> Void =
    { _, _ in }

  /// An adapter made from other tensors, and the way of its gradient back to them.
  public typealias Generated = (
    adapter: [NamedTensors], pullBack: (_ gradient: [NamedTensors]) -> [NamedTensors]
  )

  /// A rule that changes nothing.
  public init() {}

  /// Drops the gradients of what is not trained, then adds the rule's own.
  func adjusted(_ gradients: [NamedTensors], at adapter: [NamedTensors]) -> [NamedTensors] {
    var adjusted = trained(gradients)
    addGradients(&adjusted, adapter)
    return adjusted
  }

  /// The tensors that are trained, one set a layer.
  func trained(_ layers: [NamedTensors]) -> [NamedTensors] {
    layers.enumerated().map { index, layer in
      guard trainedLayers?.contains(index) ?? true else { return NamedTensors() }
      var trained = layer
      for name in layer.names where !trains(name) { trained[name] = nil }
      return trained
    }
  }
}
