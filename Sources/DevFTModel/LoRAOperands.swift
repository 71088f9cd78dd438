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
  }

  /// Down projections times the scale below one another, `[Σ R, in]`: one product makes the narrow
  /// activations of all.
  let scaledLoraA: Matrix
  /// The adapted projections.
  let pairs: [Pair]
  /// Factor `alpha / rank`.
  let scale: Float

  /// Takes the pairs of a site from a layer's adapter, or fails when there are none.
  ///
  /// - Parameters:
  ///   - site: Which projections.
  ///   - layer: The layer's adapter tensors.
  ///   - scale: Factor `alpha / rank`.
  ///   - precision: Type of the products.
  init?(_ site: LinearSite, of layer: NamedTensors, scale: Float, precision: Precision) {
    var (parts, pairs): ([Matrix], [Pair]) = ([], [])
    var rank = 0
    for projection in site.projections {
      guard var loraA = layer[projection.loraAName], let loraB = layer[projection.loraBName] else {
        continue
      }
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
          loraB: Matrix(loraB, precision: precision)
        )
      )
      rank += loraA.rowCount
    }
    guard !pairs.isEmpty else { return nil }
    scaledLoraA = Matrix(stacking: parts)
    self.pairs = pairs
    self.scale = scale
  }
}
