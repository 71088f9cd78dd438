import DevFTTensor

/// How the layers of a model are put into groups at the start of a stage.
///
/// The paper's deconfliction-guided grouping (`dglg`): the similarities of the layers are the
/// weights of a graph; the eigenvectors of the smallest eigenvalues of its Laplacian, as many as the
/// stage has layers, embed each layer as a point; k-means puts the points into as many groups.
/// `init()` gives the paper's choices; the paper says nothing of seeds, restarts, negative weights
/// and the diagonal.
///
/// - SeeAlso: DevFT, layer grouping, <https://arxiv.org/abs/2508.00041>.
public struct LayerGrouping: Equatable, Sendable {
  /// What decides the groups.
  public enum Kind: String, StageOption {
    /// Similarity of the layers: the paper's.
    case dglg
    /// Runs of nearly equal length.
    case even
    /// Chance.
    case random
  }

  /// Whether groups must be runs of consecutive layers.
  public enum Contiguity: String, StageOption {
    /// They need not: the paper's algorithm.
    case none
    /// They must: the cut with the smallest within-group squared distance, by dynamic programme.
    /// With `random`, a random cut of the layers in their order.
    case dp
  }

  /// Whether the groups of the stage before bind the new ones.
  public enum Nesting: String, StageOption {
    /// They do not: each stage groups anew, as in the paper.
    case fresh
    /// Each new group lies inside one old group.
    case nested
  }

  /// What decides the groups.
  public var kind = Kind.dglg
  /// Parameters that the similarity is computed over.
  public var similarity = SimilarityInput.all
  /// What becomes of negative similarities.
  public var negative = NegativeHandling.keep
  /// What becomes of a layer's similarity to itself.
  public var diagonal = DiagonalHandling.keep
  /// Which Laplacian embeds the layers.
  public var laplacian = LaplacianKind.unnormalised
  /// Whether each layer's point is scaled to length 1.
  public var isRowNormalised = false
  /// Starts of k-means, at least 1.
  public var restarts = 200
  /// Whether groups must be runs of consecutive layers.
  public var contiguity = Contiguity.none
  /// Whether the groups of the stage before bind the new ones.
  public var nesting = Nesting.fresh
  /// Largest number of layers in a group, at least 1, or `nil` for no limit.
  public var maximumGroupSize: Int?

  /// The paper's grouping.
  public init() {}

  /// Groups the layers for one stage.
  ///
  /// - Parameters:
  ///   - similarity: The layers' similarity `[L, L]`; `even` and `random` use its size alone.
  ///   - capacity: Number of groups, in `1 ... L`; at `L` each layer is a group.
  ///   - previous: Groups of the stage before; used when `nesting` is `nested`.
  ///   - seed: Seed of the run.
  ///   - stage: Stage from 1; the draws of each stage are its own.
  /// - Returns: `capacity` groups; the same ones for the same arguments.
  /// - Throws: `StagesError` with code `invalidGroups` when no groups meet the demands,
  ///   `invalidOption`, `noPositiveDegree` or `eigenvectorsNotFound`.
  public func groups(
    similarity: SimilarityMatrix,
    capacity: Int,
    previous: LayerGroups? = nil,
    seed: UInt64,
    stage: Int
  ) throws(StagesError) -> LayerGroups {
    let layerCount = similarity.layerCount
    let previous = nesting == .nested ? previous : nil
    try validate()
    try check(capacity: capacity, layerCount: layerCount, previous: previous)
    if capacity == layerCount { return .singletons(layerCount: layerCount) }
    let parents = previous?.members ?? [Array(0..<layerCount)]
    var stream = RandomStream(seed: seed, purpose: "layer-grouping", round: stage)
    switch kind {
    case .even:
      return try LayerGroups(EvenSplit.groups(of: parents, count: capacity))
    case .random:
      let split = RandomSplit(isContiguous: contiguity == .dp, maximumSize: maximumGroupSize)
      return try LayerGroups(split.groups(of: parents, count: capacity, using: &stream))
    case .dglg:
      let embedding = try embedding(similarity, capacity: capacity)
      return try spectralGroups(embedding, capacity, previous, &stream)
    }
  }

  /// The layers' points for a capacity.
  package func embedding(
    _ similarity: SimilarityMatrix,
    capacity: Int
  ) throws(StagesError) -> SpectralEmbedding {
    let laplacian = try Laplacian(
      of: similarity,
      kind: laplacian,
      negative: negative,
      diagonal: diagonal
    )
    return try SpectralEmbedding(laplacian, dimension: capacity, rowNormalised: isRowNormalised)
  }

  private func spectralGroups(
    _ embedding: SpectralEmbedding,
    _ capacity: Int,
    _ previous: LayerGroups?,
    _ stream: inout RandomStream
  ) throws(StagesError) -> LayerGroups {
    if contiguity == .dp {
      let split = ContiguousSplit(embedding: embedding, maximumSize: maximumGroupSize)
      if let runs = split.runs(count: capacity, inside: previous) { return try LayerGroups(runs) }
      let came = "the groups of the stage before are not runs of consecutive layers"
      throw StagesError(.invalidGroups, "contiguous groups inside groups: \(came)")
    }
    if let previous {
      let split = NestedSplit(
        embedding: embedding,
        restarts: restarts,
        maximumSize: maximumGroupSize
      )
      return try LayerGroups(split.groups(splitting: previous, count: capacity, using: &stream))
    }
    let kMeans = KMeans(groupCount: capacity, restarts: restarts)
    let layers = Array(embedding.rows.indices)
    let groups = kMeans.groups(of: layers, in: embedding, using: &stream)
    guard let maximumGroupSize else { return try LayerGroups(groups) }
    let limit = GroupSizeLimit(embedding: embedding, maximumSize: maximumGroupSize)
    return try LayerGroups(limit.apply(to: groups))
  }
}
