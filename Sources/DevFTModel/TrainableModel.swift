public import DevFTTensor

/// A model with its base frozen: what training and evaluation need of a decoder or an encoder.
///
/// Laws: a call depends on its arguments alone; the gradient is that of the mean loss of the batch's
/// targets; gradients have the names and shapes of the sets that `operands` took.
public protocol TrainableModel: Sendable {
  /// Layers of the model or submodel.
  var layerCount: Int { get }

  /// The model of some of the layers, which keep their weights in common with this one.
  ///
  /// - Parameter indices: The layers, ascending, at least one.
  /// - Returns: Those layers between the same ends.
  func keeping(_ indices: [Int]) -> Self

  /// Prepares trained tensors for this model's products.
  ///
  /// - Parameters:
  ///   - layers: One set a layer, and what the kind of model has behind them.
  ///   - frozen: Pairs beside them that have no gradients, as many sets or none.
  ///   - scale: Factor `alpha / rank`.
  /// - Returns: The operands.
  func operands(
    _ layers: [NamedTensors],
    frozen: [NamedTensors],
    scale: Float
  ) -> AdapterOperands

  /// Loss of a batch.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences.
  ///   - adapter: The trained tensors.
  /// - Returns: Sum of the losses and number of targets.
  func loss(of batch: TokenBatch, adapter: AdapterOperands) -> BatchLoss

  /// Loss of a batch, and the gradient of its mean with respect to the trained tensors.
  ///
  /// - Parameters:
  ///   - batch: Packed sequences with at least one target.
  ///   - adapter: The trained tensors.
  ///   - recomputation: What the forward pass does not keep.
  ///   - trained: Sets that are trained, at least one; `nil`: all.
  /// - Returns: The loss; the gradient in the sets of the trained tensors, nothing for frozen ones; and the
  ///   gradient of the lowest trained set's input, `[tokenCount, D]`: of what the tokens enter the first
  ///   layer with when all are trained.
  func lossAndGradient(
    of batch: TokenBatch,
    adapter: AdapterOperands,
    recomputation: Recomputation,
    trained: Set<Int>?
  ) -> (loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor)
}

extension TrainableModel {
  /// Prepares trained tensors, with nothing frozen beside them.
  ///
  /// - Parameters:
  ///   - layers: One set a layer, and what the kind of model has behind them.
  ///   - scale: Factor `alpha / rank`.
  /// - Returns: The operands.
  public func operands(_ layers: [NamedTensors], scale: Float) -> AdapterOperands {
    operands(layers, frozen: [], scale: scale)
  }
}

extension Decoder: TrainableModel {
  /// Layers of the decoder.
  public var layerCount: Int { layers.count }
}
