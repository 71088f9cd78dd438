import DevFTStages

extension LayerGrouping.Kind: ConfigurationChoice {}
extension LayerGrouping.Contiguity: ConfigurationChoice {}
extension LayerGrouping.Nesting: ConfigurationChoice {}
extension SimilarityInput: ConfigurationChoice {}
extension NegativeHandling: ConfigurationChoice {}
extension DiagonalHandling: ConfigurationChoice {}
extension LaplacianKind: ConfigurationChoice {}

extension LayerGrouping: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("kind", \.kind, meaning: "dglg: by similarity; even: equal runs; random: by chance"),
      .value("similarity", \.similarity, meaning: "parameters that the similarity is taken over"),
      .value("negative", \.negative, meaning: "what becomes of a negative similarity"),
      .value("diagonal", \.diagonal, meaning: "what becomes of a layer's similarity to itself"),
      .value("laplacian", \.laplacian, meaning: "Laplacian whose eigenvectors embed the layers"),
      .value("row_normalise", \.isRowNormalised, meaning: "scale each layer's point to length 1"),
      .value(
        "restarts",
        \.restarts,
        .within(1...100_000),
        meaning: "starts of k-means, of which the best counts"
      ),
      .value("contiguous", \.contiguity, meaning: "dp: the best cut into runs of layers"),
      .value("nesting", \.nesting, meaning: "group all layers anew, or inside the last groups"),
      .optional("max_group_size", \.maximumGroupSize, .atLeast(1), meaning: "most layers a group"),
    ]
  }
}
