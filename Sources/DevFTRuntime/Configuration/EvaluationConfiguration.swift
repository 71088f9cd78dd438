/// When and on what the global model is evaluated.
public struct EvaluationConfiguration: Equatable, Sendable {
  /// Rounds between evaluations, at least 0; 0: at stage ends and after the last round only.
  public var every = 5
  /// Held-out examples whose loss is measured, at least 1; `nil`: all.
  public var examples: Int?
  /// Held-out examples that are answered for the exact match, at least 0.
  public var generate = 0
  /// Evaluations in the last stage without a new lowest loss after which the run ends, at least 0; 0: never.
  public var patience = 0

  /// Creates the defaults.
  public init() {}
}

extension EvaluationConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "every",
        \.every,
        .atLeast(0),
        meaning: "rounds between evaluations; 0: at stage ends and after the last round only"
      ),
      .optional(
        "examples",
        \.examples,
        .atLeast(1),
        meaning: "held-out examples for the loss; null: all"
      ),
      .value(
        "generate",
        \.generate,
        .atLeast(0),
        meaning: "held-out examples that the final adapter answers, for exact match"
      ),
      .value(
        "patience",
        \.patience,
        .atLeast(0),
        meaning:
          "evaluations in the last stage without a new lowest loss that end the run; 0: never"
      ),
    ]
  }
}
