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

  /// Bytes of all that is kept.
  var byteCount: Int {
    let matrices =
      [attentionInput, feedForwardInput] + (attention.map { [$0.heads, $0.attended] } ?? [])
      + (feedForward.map { [$0.gateUp] } ?? [])
    let hidden = [attention?.hidden, feedForward?.hidden].flatMap {
      $0.map { Array($0.values) } ?? []
    }
    return (matrices + hidden).reduce(0) { $0 + $1.byteCount }
  }

  /// What attention needs: see `AttentionBlock.Activations`.
  struct Attention {
    let heads: Matrix
    let attended: Matrix
    let hidden: [LinearSite: Matrix]

    init(_ activations: AttentionBlock.Activations, precision: Precision) {
      heads = Matrix(activations.heads, precision: precision)
      attended = activations.attended
      hidden = activations.hidden
    }
  }

  /// What the feed-forward block needs: see `FeedForwardBlock.Activations`.
  struct FeedForward {
    let gateUp: Matrix
    let hidden: [LinearSite: Matrix]

    init(_ activations: FeedForwardBlock.Activations) {
      gateUp = activations.gateUp
      hidden = activations.hidden
    }
  }
}

extension AttentionBlock {
  /// The activations of a tape.
  func activations(of stream: Matrix, kept: LayerTape.Attention) -> Activations {
    Activations(
      normalised: norm(stream),
      heads: kept.heads.tensor,
      attended: kept.attended,
      hidden: kept.hidden
    )
  }
}

extension FeedForwardBlock {
  /// The activations of a tape.
  func activations(of stream: Matrix, kept: LayerTape.FeedForward) -> Activations {
    Activations(
      normalised: norm(stream),
      gateUp: kept.gateUp,
      activated: .swiGLU(kept.gateUp),
      hidden: kept.hidden
    )
  }
}
