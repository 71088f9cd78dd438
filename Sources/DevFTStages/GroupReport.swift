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
    for name in source.parameterNames where !ParameterKind.isAdapter(name) {
      let own = try source.parameter(name, layer: anchor)
      guard ParameterKind(name: name, shape: own.shape) == .matrix else { continue }
      gram.add([own, try fusion.fuse(group: members, source: source, name: name)])
    }
    let anchorNorm = gram.values[0].squareRoot()
    let norm = gram.values[3].squareRoot()
    let product = anchorNorm * norm
    normRatio = anchorNorm == 0 ? 0 : norm / anchorNorm
    cosine = product == 0 ? 0 : max(-1, min(1, gram.values[1] / product))
  }
}
