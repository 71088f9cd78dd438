/// How a stage's submodel is built: grouping and fusion, from a named recipe.
///
/// Decodes from the mapping of a configuration, where parts may stand beside the recipe and win
/// over it:
///
/// ```yaml
/// construction: robust
/// fusion: { kind: mean }
/// ```
public struct StageConstruction: Equatable, Sendable {
  /// A named choice of all options.
  public enum Recipe: String, StageOption {
    /// The published method, to the last sign.
    ///
    /// Similarity over everything with negatives and diagonal kept, unnormalised Laplacian, groups
    /// made anew each stage and not contiguous, `β` 0.1, norms and adapters fused.
    case paper
    /// Groups that follow the depth and representatives that stay near their anchors.
    ///
    /// Differs from the paper: negatives clipped, no diagonal, symmetric Laplacian with rows of
    /// length 1, contiguous groups by dynamic programme, norms from the anchor, `β` at most `1/m`.
    /// Layers of real models are nearly orthogonal, so the paper's groups follow noise and its
    /// anchor weight turns negative in large groups.
    case robust
  }

  /// The recipe that options not given come from.
  public var recipe: Recipe
  /// How layers are grouped.
  public var grouping: LayerGrouping
  /// How a group's layers become one.
  public var fusion: LayerFusion

  /// Chooses a recipe with nothing changed.
  ///
  /// - Parameter recipe: The recipe; the paper's by default.
  public init(_ recipe: Recipe = .paper) {
    self.recipe = recipe
    grouping = LayerGrouping()
    fusion = LayerFusion()
    guard recipe == .robust else { return }
    grouping.negative = .clip
    grouping.diagonal = .zero
    grouping.laplacian = .symmetric
    grouping.isRowNormalised = true
    grouping.contiguity = .dp
    fusion.norms = .anchor
    fusion.isGuarded = true
  }
}

extension StageConstruction: Codable {
  private enum CodingKeys: String, CodingKey {
    case recipe = "construction"
    case grouping, fusion
  }

  /// Reads recipe and options; what is absent is the paper's or the recipe's.
  ///
  /// - Parameter decoder: Holds a mapping; keys other than `construction`, `grouping` and `fusion`
  ///   are left alone.
  /// - Throws: `StagesError` with code `invalidOption` when a name or number is not known.
  public init(from decoder: any Decoder) throws {
    let options = try decoder.container(keyedBy: CodingKeys.self)
    self.init(try options.option(.recipe, default: .paper))
    if options.contains(.grouping) {
      let given = try options.superDecoder(forKey: .grouping)
      grouping = try LayerGrouping(from: given, defaults: grouping)
    }
    if options.contains(.fusion) {
      let given = try options.superDecoder(forKey: .fusion)
      fusion = try LayerFusion(from: given, defaults: fusion)
    }
  }

  /// Writes the recipe's name and all options.
  ///
  /// - Parameter encoder: Receives a mapping.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var options = encoder.container(keyedBy: CodingKeys.self)
    try options.encode(recipe, forKey: .recipe)
    try options.encode(grouping, forKey: .grouping)
    try options.encode(fusion, forKey: .fusion)
  }
}
