import DevFTFormats
import DevFTTensor

/// What a layer's forward pass keeps for its backward pass, in the precision of the operands.
///
/// Norms and the gated activation are cheap and always computed again.
struct LayerTape {
  /// Residual stream before each block, `[N, D]`.
  let attentionInput, feedForwardInput: Matrix
  /// What stands inside the blocks; `nil` when it is to be computed again.
  let attention: Attention?
  let feedForward: FeedForward?

  /// What attention needs: see `AttentionBlock.Activations`.
  struct Attention {
    let q, k, v: Matrix
    let attended: Matrix
    let hidden: [Projection: Matrix]

    init(_ activations: AttentionBlock.Activations, precision: Precision) {
      q = Matrix(activations.q, precision: precision)
      k = Matrix(activations.k, precision: precision)
      v = Matrix(activations.v, precision: precision)
      attended = activations.attended
      hidden = activations.hidden
    }
  }

  /// What the feed-forward block needs: see `FeedForwardBlock.Activations`.
  struct FeedForward {
    let gate, up: Matrix
    let hidden: [Projection: Matrix]

    init(_ activations: FeedForwardBlock.Activations) {
      gate = activations.gate
      up = activations.up
      hidden = activations.hidden
    }
  }
}

extension AttentionBlock {
  /// The activations of a tape.
  func activations(of input: Tensor, kept: LayerTape.Attention) -> Activations {
    Activations(
      normalised: norm(input),
      q: kept.q.tensor,
      k: kept.k.tensor,
      v: kept.v.tensor,
      attended: kept.attended,
      hidden: kept.hidden
    )
  }
}

extension FeedForwardBlock {
  /// The activations of a tape.
  func activations(of input: Tensor, kept: LayerTape.FeedForward) -> Activations {
    Activations(
      normalised: norm(input),
      gate: kept.gate,
      up: kept.up,
      activated: .swiGLU(gate: kept.gate, up: kept.up),
      hidden: kept.hidden
    )
  }
}
