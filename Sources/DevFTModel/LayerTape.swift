import DevFTFormats
import DevFTTensor

/// What a layer's forward pass keeps for its backward pass.
struct LayerTape {
  /// The layer's input, `[N, D]`.
  let input: Tensor
  /// Normalised input, `[N, D]`.
  let attentionInput: Matrix
  /// Rotated queries `[N, H·K]`, rotated keys and values `[N, G·K]`.
  let q, k, v: Tensor
  /// What attention returned, `[N, H·K]`.
  let attended: Matrix
  /// Residual stream between attention and feed-forward, `[N, D]`.
  let middle: Tensor
  /// Normalised `middle`, `[N, D]`.
  let feedForwardInput: Matrix
  /// Inputs of the gated activation, `[N, F]`.
  let gate, up: Tensor
  /// Its result, `[N, F]`.
  let activated: Matrix
  /// `scale · x Aᵀ` of each adapted projection, `[N, R]`.
  let hidden: [Projection: Tensor]
}
