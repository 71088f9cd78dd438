/// Growth of the submodel from stage to stage.
public struct StagesConfiguration: Equatable, Sendable {
  /// A named recipe for grouping and fusion.
  public enum Construction: String, Sendable, CaseIterable {
    /// As published.
    case paper
    /// Even-sized runs of neighbouring layers by similarity, anchors that keep their weight.
    case balanced
  }

  /// The recipe; setting it replaces `grouping` and `fusion`.
  public var construction = Construction.paper {
    didSet {
      grouping = GroupingConfiguration(construction)
      fusion = FusionConfiguration(construction)
    }
  }
  /// Layers of each stage's submodel, increasing; `nil`: an eighth, a quarter, a half, all.
  public var capacities: [Int]?
  /// Rounds of each stage; `nil`: equal shares.
  public var rounds: [Int]?
  /// How layers are grouped.
  public var grouping = GroupingConfiguration(.paper)
  /// How a group becomes one layer.
  public var fusion = FusionConfiguration(.paper)

  /// Creates the published construction.
  public init() {}
}

extension StagesConfiguration.Construction: ConfigurationChoice {}

extension StagesConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "construction",
        \.construction,
        meaning: "recipe that sets the defaults of grouping and fusion; those listed are of `paper`"
      ),
      .optional(
        "capacities",
        \.capacities,
        .increasing,
        meaning: "layers of each stage's submodel; null: an eighth, a quarter, a half, all"
      ),
      .optional("rounds", \.rounds, .positive, meaning: "rounds of each stage; null: equal shares"),
      .section("grouping", \.grouping, meaning: "how layers are grouped"),
      .section("fusion", \.fusion, meaning: "how a group becomes one layer"),
    ]
  }
}
