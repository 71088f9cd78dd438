public import DevFTStages

/// Growth of the submodel from stage to stage.
public struct StagesConfiguration: Equatable, Sendable {
  /// How layers are grouped and fused: a recipe and what is set beside it.
  public var construction = StageConstruction()
  /// Layers of each stage's submodel, increasing; `nil`: from `initial` by `growth`.
  public var capacities: [Int]?
  /// Layers of the first stage, at least 1; `nil`: an eighth of all.
  public var initial: Int?
  /// Factor from stage to stage, at least 2.
  public var growth = 2
  /// Rounds of each stage, or parts of them; `nil`: equal shares.
  public var rounds: [Int]?

  /// Creates the published construction.
  public init() {}

  /// Rounds of each stage.
  ///
  /// - Parameter totalRounds: Rounds of the run, which the sum of `rounds` divides.
  /// - Returns: `rounds` times what they lack; `nil`: equal shares.
  func roundCounts(totalRounds: Int) -> [Int]? {
    rounds.map { rounds in
      let sum = rounds.reduce(0, +)
      return rounds.map { $0 * (totalRounds / sum) }
    }
  }

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
        meaning: "layers of each stage's submodel; null: from initial by growth"
      ),
      .optional(
        "initial",
        \.initial,
        .atLeast(1),
        meaning: "layers of the first stage; null: an eighth of all"
      ),
      .value(
        "growth",
        \.growth,
        .within(2...1024),
        meaning: "factor from stage to stage, up to all layers"
      ),
      .optional(
        "rounds",
        \.rounds,
        .positive,
        meaning:
          "rounds of each stage, or parts of federation.rounds: [1, 1, 2] of 8 rounds are 2, 2 "
          + "and 4; null: equal shares"
      ),
      .section("grouping", \.construction.grouping, meaning: "how layers are grouped"),
      .section("fusion", \.construction.fusion, meaning: "how a group becomes one layer"),
    ]
  }
}
