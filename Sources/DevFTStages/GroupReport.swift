import DevFTTensor

/// One group of a stage, and how its representative compares with its anchor.
public struct GroupReport: Codable, Equatable, Sendable {
  /// The lowest layer of the group.
  public let anchor: Int
  /// The layers of the group, ascending.
  public let members: [Int]
  /// Weight of the anchor in the fusion.
  public let anchorCoefficient: Double
  /// `‖rep‖ / ‖anchor‖` over the base's weight matrices taken together; 0 when the anchor is 0.
  public let normRatio: Double
  /// `cos(rep, anchor)` over the base's weight matrices taken together; 0 when either is 0.
  public let cosine: Double

  private enum CodingKeys: String, CodingKey {
    case anchor, members
    case anchorCoefficient = "anchor_coefficient"
    case normRatio = "norm_ratio"
    case cosine = "cosine_to_anchor"
  }

  /// Numbers of a matrix that are in memory together.
  private static let numbersAtATime = 1 << 20

  /// Builds the representative's matrices and measures them.
  ///
  /// - Parameters:
  ///   - members: The layers of the group, ascending.
  ///   - fusion: How they become one.
  ///   - source: The layers of the full model.
  /// - Throws: As `LayerFusion.fuse(group:source:name:)`.
  init(members: [Int], fusion: LayerFusion, source: some LayerSource) throws {
    anchor = members[0]
    self.members = members
    anchorCoefficient = fusion.coefficients(groupSize: members.count)[0]
    guard members.count > 1 else {
      (normRatio, cosine) = (1, 1)
      return
    }
    // Inner products of anchor (0) and representative (1).
    var gram = GramMatrix(layerCount: 2)
    for name in source.parameterNames {
      let parameter = try LayerParameter(name, of: source)
      guard parameter.kind == .matrix else { continue }
      let own = try FusedParameter(name, group: [anchor], fusion: fusion, source: source)
      let fused = try FusedParameter(name, group: members, fusion: fusion, source: source)
      for rows in parameter.ranges(ofAbout: Self.numbersAtATime) {
        gram.add([try own.rows(rows), try fused.rows(rows)])
      }
    }
    let anchorNorm = gram.values[0].squareRoot()
    let norm = gram.values[3].squareRoot()
    let product = anchorNorm * norm
    normRatio = anchorNorm == 0 ? 0 : norm / anchorNorm
    cosine = product == 0 ? 0 : max(-1, min(1, gram.values[1] / product))
  }
}
