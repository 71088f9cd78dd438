/// Sizes and constants of a decoder of the LLaMA family, or of an encoder of the BERT family.
///
/// Axes in names and docs: `D` width, `H` query heads, `G` key/value heads, `K` head width, `F`
/// feed-forward width, `V` vocabulary, `L` layers.
public struct ModelArchitecture: Codable, Equatable, Sendable {
  /// The family as Hugging Face's `model_type` spells it: `llama`, `mistral`, `qwen2`, `bert` or
  /// `roberta`.
  public var family: String
  /// Number `V` of tokens.
  public var vocabularySize: Int
  /// Length `D` of the residual stream.
  public var width: Int
  /// Number `L` of layers.
  public var layerCount: Int
  /// Number `H` of query heads, a multiple of `keyValueHeadCount`.
  public var headCount: Int
  /// Number `G` of key/value heads.
  public var keyValueHeadCount: Int
  /// Length `K` of a head, even.
  public var headWidth: Int
  /// Inner length `F` of the feed-forward part.
  public var feedForwardWidth: Int
  /// Base of the rotary frequencies: pair `i` of a head turns by `ropeBase^(-2i/K)` a position.
  public var ropeBase: Double
  /// How these frequencies are lowered, or `nil` when they are not.
  public var ropeScaling: RoPEScaling?
  /// Divisors of these frequencies, `K / 2` of them, where the file holds them; else `nil`.
  public var ropeFrequencyFactors: [Float]?
  /// What is added to the mean square in the norms.
  public var normEpsilon: Double
  /// Whether the output head is the token embedding.
  public var tiesEmbeddings: Bool
  /// Whether the query, key and value maps have biases.
  public var hasAttentionBias: Bool
  /// Longest sequence the model was made for, in tokens.
  public var contextLength: Int
  /// What an encoder has beyond that; `nil` for decoders.
  public var encoder: EncoderArchitecture?

  /// Describes a model.
  ///
  /// - Parameters:
  ///   - family: `llama`, `mistral` or `qwen2`.
  ///   - vocabularySize: Number of tokens.
  ///   - width: Length of the residual stream.
  ///   - layerCount: Number of layers.
  ///   - headCount: Number of query heads.
  ///   - keyValueHeadCount: Number of key/value heads.
  ///   - headWidth: Length of a head.
  ///   - feedForwardWidth: Inner length of the feed-forward part.
  ///   - ropeBase: Base of the rotary frequencies.
  ///   - ropeScaling: How they are lowered; `nil` by default.
  ///   - ropeFrequencyFactors: Divisors of each of them; `nil` by default.
  ///   - normEpsilon: What the norms add to the mean square.
  ///   - tiesEmbeddings: Whether the output head is the token embedding.
  ///   - hasAttentionBias: Whether queries, keys and values have biases; `false` by default.
  ///   - contextLength: Longest sequence, in tokens.
  public init(
    family: String,
    vocabularySize: Int,
    width: Int,
    layerCount: Int,
    headCount: Int,
    keyValueHeadCount: Int,
    headWidth: Int,
    feedForwardWidth: Int,
    ropeBase: Double,
    ropeScaling: RoPEScaling? = nil,
    ropeFrequencyFactors: [Float]? = nil,
    normEpsilon: Double,
    tiesEmbeddings: Bool,
    hasAttentionBias: Bool = false,
    contextLength: Int
  ) {
    self.family = family
    self.vocabularySize = vocabularySize
    self.width = width
    self.layerCount = layerCount
    self.headCount = headCount
    self.keyValueHeadCount = keyValueHeadCount
    self.headWidth = headWidth
    self.feedForwardWidth = feedForwardWidth
    self.ropeBase = ropeBase
    self.ropeScaling = ropeScaling
    self.ropeFrequencyFactors = ropeFrequencyFactors
    self.normEpsilon = normEpsilon
    self.tiesEmbeddings = tiesEmbeddings
    self.hasAttentionBias = hasAttentionBias
    self.contextLength = contextLength
  }
}
