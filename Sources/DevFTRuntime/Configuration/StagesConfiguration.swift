public import DevFTStages

/// Growth of the submodel from stage to stage.
public struct StagesConfiguration: Equatable, Sendable {
  /// How layers are grouped and fused: a recipe and what is set beside it.
  public var construction = StageConstruction()
  /// Layers of each stage's submodel, increasing; `nil`: an eighth, a quarter, a half, all.
  public var capacities: [Int]?
  /// Rounds of each stage; `nil`: equal shares.
  public var rounds: [Int]?

  /// Creates the published construction.
  public init() {}

  /// The recipe; a new one replaces grouping and fusion.
  fileprivate var recipe: StageConstruction.Recipe {
    get { construction.recipe }
    set { construction = StageConstruction(newValue) }
  }
}

extension StageConstruction.Recipe: ConfigurationChoice {}

extension StagesConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "construction",
        \.recipe,
        meaning: "recipe that sets the defaults of grouping and fusion; those below are of `paper`"
      ),
      .optional(
        "capacities",
        \.capacities,
        .increasing,
        meaning: "layers of each stage's submodel; null: an eighth, a quarter, a half, all"
      ),
      .optional("rounds", \.rounds, .positive, meaning: "rounds of each stage; null: equal shares"),
      .section("grouping", \.construction.grouping, meaning: "how layers are grouped"),
      .section("fusion", \.construction.fusion, meaning: "how a group becomes one layer"),
    ]
  }
}
