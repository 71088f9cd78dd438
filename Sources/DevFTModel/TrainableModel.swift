public import DevFTTensor

/// A model with its base frozen: what training and evaluation need of a decoder or an encoder.
///
/// Laws: a call depends on its arguments alone; the gradient is that of the mean loss of the batch's
/// targets; gradients have the names and shapes of the sets that `operands` took.
public protocol TrainableModel: Sendable {
  /// Layers of the model or submodel.
  var layerCount: Int { get }

  /// Prepares trained tensors for this model's products.
  ///
  /// - Parameters:
  ///   - layers: One set a layer, and what the kind of model has behind them.
  ///   - scale: Factor `alpha / rank`.
  /// - Returns: The operands.
  func operands(_ layers: [NamedTensors], scale: Float) -> AdapterOperands

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
  /// - Returns: The loss, the gradient in the sets of the trained tensors, and that of what the tokens
  ///   enter the first layer with, `[tokenCount, D]`.
  func lossAndGradient(
    of batch: TokenBatch,
    adapter: AdapterOperands,
    recomputation: Recomputation
  ) -> (loss: BatchLoss, adapterGradient: [NamedTensors], embeddingGradient: Tensor)
}

extension Decoder: TrainableModel {
  /// Layers of the decoder.
  public var layerCount: Int { layers.count }
}
