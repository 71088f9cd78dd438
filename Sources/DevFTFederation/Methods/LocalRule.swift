public import DevFTTensor

/// What a method changes about a client's local training.
///
/// Law: a rule depends on the task alone. The defaults change nothing: all tensors are trained by
/// their gradients, and all of the adapter is sent as it ended.
public protocol LocalRule: Sendable {
  /// Whether a tensor is trained: if not, it has no gradient and no optimizer state.
  ///
  /// - Parameter tensorName: Name of the tensor in its layer.
  /// - Returns: `false` when it stays as the task has it, to the bit.
  func trains(_ tensorName: String) -> Bool

  /// Whether the client tells the norm of each sent layer's gradient.
  var reportsGradientNorms: Bool { get }

  /// Whether what is trained is a ``HyperNetwork``, and the model runs the adapters that it makes.
  var trainsHyperNetwork: Bool { get }

  /// What a second loss goes through beside the model's own: adapters of layers that the client does not have,
  /// from below, and the weight of that loss; `nil`: there is none.
  var chain: (adapters: [NamedTensors], weight: Double)? { get }

  /// Adds a term to the gradients of a step, before they are clipped.
  ///
  /// - Parameters:
  ///   - gradients: Gradients of the tensors that are trained; accumulated.
  ///   - adapter: The adapter where they were taken.
  func addGradients(to gradients: inout [NamedTensors], at adapter: [NamedTensors])

  /// Moves the adapter after an optimizer step.
  ///
  /// - Parameters:
  ///   - adapter: The adapter after the step; accumulated.
  ///   - learningRate: Learning rate of the step.
  func correct(_ adapter: inout [NamedTensors], learningRate: Double)

  /// Makes what the client sends from what it trained.
  ///
  /// - Parameters:
  ///   - adapter: The trained adapter.
  ///   - learningRates: Sum of the learning rates of the steps that were made.
  /// - Returns: The adapter to send, and what goes beside it.
  func sent(
    _ adapter: [NamedTensors],
    learningRates: Double
  ) -> (adapter: [NamedTensors], auxiliary: [NamedTensors])
}

extension LocalRule {
  /// Everything is trained.
  ///
  /// - Parameter tensorName: Name of the tensor in its layer.
  /// - Returns: `true`.
  public func trains(_ tensorName: String) -> Bool { true }

  /// Nothing is told.
  public var reportsGradientNorms: Bool { false }

  /// The adapter itself is trained.
  public var trainsHyperNetwork: Bool { false }

  /// There is one loss.
  public var chain: (adapters: [NamedTensors], weight: Double)? { nil }

  /// Adds nothing.
  ///
  /// - Parameters:
  ///   - gradients: Gradients; left as they are.
  ///   - adapter: The adapter where they were taken.
  public func addGradients(to gradients: inout [NamedTensors], at adapter: [NamedTensors]) {}

  /// Moves nothing.
  ///
  /// - Parameters:
  ///   - adapter: The adapter; left as it is.
  ///   - learningRate: Learning rate of the step.
  public func correct(_ adapter: inout [NamedTensors], learningRate: Double) {}

  /// Sends the adapter as it is and nothing beside it.
  ///
  /// - Parameters:
  ///   - adapter: The trained adapter.
  ///   - learningRates: Sum of the learning rates.
  /// - Returns: The adapter alone.
  public func sent(
    _ adapter: [NamedTensors],
    learningRates: Double
  ) -> (adapter: [NamedTensors], auxiliary: [NamedTensors]) { (adapter, []) }
}

/// The rule of plain local training.
public struct PlainRule: LocalRule {
  /// Creates the rule.
  public init() {}
}
