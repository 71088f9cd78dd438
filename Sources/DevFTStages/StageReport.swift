/// What a stage's submodel was built from, for `groups.json` and the report.
public struct StageReport: Codable, Equatable, Sendable {
  /// Stage from 1.
  public let stage: Int
  /// Number of layers of the submodel.
  public let capacity: Int
  /// Whether every group is a run of consecutive layers.
  public let isContiguous: Bool
  /// The groups, ascending by anchor.
  public let groups: [GroupReport]
  /// The similarity that the layers were grouped by, or `nil` when it was not computed.
  public let similarity: SimilarityMatrix?

  private enum CodingKeys: String, CodingKey {
    case stage, capacity, groups, similarity
    case isContiguous = "contiguous"
  }

  /// Measures the representatives of a stage.
  ///
  /// - Parameters:
  ///   - stage: Stage from 1.
  ///   - groups: The stage's groups.
  ///   - fusion: How members become one.
  ///   - source: The layers of the full model.
  ///   - similarity: The similarity that the layers were grouped by, if any.
  /// - Throws: As `LayerFusion.fuse(group:source:name:)`.
  /// - Complexity: Builds each representative once; groups of one layer cost nothing.
  public init(
    stage: Int,
    groups: LayerGroups,
    fusion: LayerFusion,
    source: some LayerSource,
    similarity: SimilarityMatrix? = nil
  ) throws {
    self.stage = stage
    capacity = groups.count
    isContiguous = groups.isContiguous
    self.groups = try groups.members.map {
      try GroupReport(members: $0, fusion: fusion, source: source)
    }
    self.similarity = similarity
  }

  /// Number of members of each group.
  public var sizes: [Int] { groups.map(\.members.count) }
}
