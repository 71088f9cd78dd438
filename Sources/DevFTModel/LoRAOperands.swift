import DevFTFormats
import DevFTTensor

/// The low-rank pairs of a site's projections, ready for products.
///
/// The correction of each is `scale · (x Aᵀ) Bᵀ` with `scale = alpha / rank`.
/// - SeeAlso: Hu et al., 2021, section 4.1, <https://arxiv.org/abs/2106.09685>.
struct LoRAOperands: Sendable {
  /// The pair of one projection.
  struct Pair: Sendable {
    let projection: Projection
    /// Its rows of `scaledLoraA`, and columns of the narrow activations.
    let ranks: Range<Int>
    /// Up projection `B`, `[out, R]`.
    let loraB: Matrix
    /// Whether it has gradients.
    let isTrained: Bool
  }

  /// Down projections times the scale below one another, `[Σ R, in]`: one product makes the narrow
  /// activations of all.
  let scaledLoraA: Matrix
  /// The adapted projections: frozen pairs, then those that are trained.
  let pairs: [Pair]
  /// Rows of `scaledLoraA` that are trained: the last ones.
  let trainedRanks: Range<Int>
  /// Factor `alpha / rank`.
  let scale: Float

  /// Takes the pairs of a site from a layer's adapter, or fails when there are none.
  ///
  /// - Parameters:
  ///   - site: Which projections.
  ///   - layer: The layer's adapter tensors.
  ///   - frozen: Pairs beside them that have no gradients.
  ///   - scale: Factor `alpha / rank`.
  ///   - precision: Type of the products.
  init?(
    _ site: LinearSite,
    of layer: NamedTensors,
    frozen: NamedTensors = NamedTensors(),
    scale: Float,
    precision: Precision
  ) {
    var (parts, pairs): ([Matrix], [Pair]) = ([], [])
    var (rank, frozenRank) = (0, 0)
    let places = [(frozen, false), (layer, true)].flatMap { tensors, isTrained in
      site.projections.map { (projection: $0, tensors: tensors, isTrained: isTrained) }
    }
    for (projection, tensors, isTrained) in places {
      guard var loraA = tensors[projection.loraAName], let loraB = tensors[projection.loraBName]
      else { continue }
      precondition(
        loraA.rowCount == loraB.columnCount,
        "\(projection): loraA \(loraA.shape) and loraB \(loraB.shape) disagree on the rank"
      )
      loraA.scale(by: scale)
      parts.append(Matrix(loraA, precision: precision))
      pairs.append(
        Pair(
          projection: projection,
          ranks: rank..<rank + loraA.rowCount,
          loraB: Matrix(loraB, precision: precision),
          isTrained: isTrained
        )
      )
      rank += loraA.rowCount
      if !isTrained { frozenRank = rank }
    }
    guard !pairs.isEmpty else { return nil }
    scaledLoraA = Matrix(stacking: parts)
    self.pairs = pairs
    trainedRanks = frozenRank..<rank
    self.scale = scale
  }
}
