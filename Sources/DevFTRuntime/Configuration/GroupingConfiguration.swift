/// How a stage's layers are grouped.
public struct GroupingConfiguration: Equatable, Sendable {
  /// The rule.
  public enum Kind: String, Sendable, CaseIterable { case dglg, even, random }

  /// Which parameters the similarity of two layers is computed over.
  public enum Similarity: String, Sendable, CaseIterable {
    case matrices
    case matricesAndNorms = "matrices+norms"
    case matricesAndAdapter = "matrices+lora"
    case all
  }

  /// What becomes of a negative similarity.
  public enum Negative: String, Sendable, CaseIterable { case keep, clip0 }

  /// What becomes of a layer's similarity with itself.
  public enum Diagonal: String, Sendable, CaseIterable { case keep, zero }

  /// The Laplacian whose eigenvectors embed the layers.
  public enum Laplacian: String, Sendable, CaseIterable { case unnormalised, sym }

  /// How groups are made runs of neighbouring layers.
  public enum Contiguous: String, Sendable, CaseIterable { case none, dp }

  /// How a stage's groups come from the stage before.
  public enum Nested: String, Sendable, CaseIterable {
    case rerun
    case splitPrevious = "split_previous"
  }

  /// The rule.
  public var kind = Kind.dglg
  /// Which parameters the similarity is computed over.
  public var similarity = Similarity.all
  /// What becomes of a negative similarity.
  public var negative = Negative.keep
  /// What becomes of a layer's similarity with itself.
  public var diagonal = Diagonal.keep
  /// The Laplacian whose eigenvectors embed the layers.
  public var laplacian = Laplacian.unnormalised
  /// Whether each layer's row of the embedding is scaled to length 1.
  public var rowNormalise = false
  /// How groups are made runs of neighbouring layers.
  public var contiguous = Contiguous.none
  /// How a stage's groups come from the stage before.
  public var nested = Nested.rerun
  /// Most layers in a group, at least 1; `nil`: no limit.
  public var maxGroupSize: Int?
  /// Starts of k-means of which the best counts, at least 1.
  public var kmeansRestarts = 50

  /// Creates the grouping of a recipe.
  ///
  /// - Parameter construction: The recipe.
  public init(_ construction: StagesConfiguration.Construction) {
    guard construction == .balanced else { return }
    similarity = .matrices
    negative = .clip0
    diagonal = .zero
    laplacian = .sym
    rowNormalise = true
    contiguous = .dp
  }
}

extension GroupingConfiguration.Kind: ConfigurationChoice {}
extension GroupingConfiguration.Similarity: ConfigurationChoice {}
extension GroupingConfiguration.Negative: ConfigurationChoice {}
extension GroupingConfiguration.Diagonal: ConfigurationChoice {}
extension GroupingConfiguration.Laplacian: ConfigurationChoice {}
extension GroupingConfiguration.Contiguous: ConfigurationChoice {}
extension GroupingConfiguration.Nested: ConfigurationChoice {}

extension GroupingConfiguration: ConfigurationSection {
  static var standard: Self { Self(.paper) }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "kind",
        \.kind,
        meaning: "dglg: by similarity; even: equal runs; random: a random partition"
      ),
      .value(
        "similarity",
        \.similarity,
        meaning: "parameters that the similarity is computed over"
      ),
      .value("negative", \.negative, meaning: "what becomes of a negative similarity"),
      .value("diagonal", \.diagonal, meaning: "what becomes of a layer's similarity with itself"),
      .value("laplacian", \.laplacian, meaning: "Laplacian whose eigenvectors embed the layers"),
      .value(
        "row_normalise",
        \.rowNormalise,
        meaning: "scale each row of the embedding to length 1"
      ),
      .value(
        "contiguous",
        \.contiguous,
        meaning: "dp: the best cut into runs of neighbouring layers"
      ),
      .value(
        "nested",
        \.nested,
        meaning: "group all layers anew, or split the groups of the last stage"
      ),
      .optional("max_group_size", \.maxGroupSize, .atLeast(1), meaning: "most layers in a group"),
      .value(
        "kmeans_restarts",
        \.kmeansRestarts,
        .within(1...100_000),
        meaning: "starts of k-means, of which the best counts"
      ),
    ]
  }
}
