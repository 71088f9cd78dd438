import DevFTTensor

/// What an encoder layer's forward pass keeps for its backward pass.
struct EncoderLayerTape {
  /// The layer's input, `[N, D]`.
  let input: Matrix
  /// The rest; `nil` when it is to be computed again.
  let inner: Inner?

  /// What stands between a layer's input and output.
  struct Inner {
    /// Queries, keys and values, `[N, 3·H·K]`.
    let heads: Matrix
    /// What attention returned, `[N, H·K]`.
    let attended: Matrix
    /// Input of the first norm, `[N, D]`.
    let attentionSum: Matrix
    /// Its result, `[N, D]`.
    let middle: Matrix
    /// Inputs of the activation, `[N, F]`.
    let up: Matrix
    /// Input of the second norm, `[N, D]`.
    let feedForwardSum: Matrix
    /// `scale · x Aᵀ` of the adapted projections of each site, `[N, Σ R]`.
    let hidden: [LinearSite: Matrix]
  }
}
