/// Which linear maps an adapter changes, and how strongly.
public struct LoRAConfiguration: Equatable, Sendable {
  /// Rank `R` of each low-rank pair, at least 1.
  public let rank: Int
  /// Numerator of the scale.
  public let alpha: Double
  /// The maps, in the order of `Projection.allCases`, each once.
  public let targets: [Projection]
  /// Probability with which an input of the adapter is set to zero while training.
  public let dropoutProbability: Double
  /// Name or path of the model the adapter belongs to, or `nil` when not known.
  public let baseModelName: String?
  /// Whether the scale is `alpha / √rank` instead of `alpha / rank`.
  public let isRankStabilised: Bool
  /// The family of the encoder it belongs to; `nil` for a decoder's.
  public internal(set) var encoder: EncoderFamily?

  /// Describes an adapter.
  ///
  /// - Parameters:
  ///   - rank: Rank of each pair.
  ///   - alpha: Numerator of the scale.
  ///   - targets: The maps, in any order; at least one.
  ///   - dropoutProbability: In `[0, 1)`; 0 by default.
  ///   - baseModelName: Name or path of the model; `nil` by default.
  ///   - isRankStabilised: Divides `alpha` by `√rank`; `false` by default.
  ///   - encoder: The family of the encoder it belongs to; `nil` by default, for a decoder's.
  /// - Precondition: Rank and number of targets are at least 1, `alpha` is finite, the probability
  ///   is in `[0, 1)`.
  public init(
    rank: Int,
    alpha: Double,
    targets: [Projection],
    dropoutProbability: Double = 0,
    baseModelName: String? = nil,
    isRankStabilised: Bool = false,
    encoder: EncoderFamily? = nil
  ) {
    precondition(rank >= 1, "rank \(rank) must be at least 1")
    precondition(alpha.isFinite, "alpha \(alpha) must be finite")
    precondition(!targets.isEmpty, "an adapter has at least 1 target, not \(targets.count)")
    precondition(
      dropoutProbability >= 0 && dropoutProbability < 1,
      "dropout probability \(dropoutProbability) must be at least 0 and below 1"
    )
    self.rank = rank
    self.alpha = alpha
    self.targets = Projection.allCases.filter(targets.contains)
    self.dropoutProbability = dropoutProbability
    self.baseModelName = baseModelName
    self.isRankStabilised = isRankStabilised
    self.encoder = encoder
  }

  /// Factor of the low-rank correction: `alpha / rank`, or `alpha / √rank` when stabilised.
  ///
  /// - SeeAlso: Kalajdzievski, 2023, <https://arxiv.org/abs/2312.03732>.
  public var scale: Double {
    alpha / (isRankStabilised ? Double(rank).squareRoot() : Double(rank))
  }
}
