/// What a client does in one round.
public struct LocalConfiguration: Equatable, Sendable {
  /// How the learning rate changes from round to round.
  public enum Schedule: String, Sendable, CaseIterable {
    case roundCosine = "round-cosine"
    case constant
  }

  /// What makes a step of a gradient.
  public enum Optimizer: String, Sendable, CaseIterable { case adamw, sgd }

  /// Steps a round, from 1 to 1,000,000; `epochs` replaces it.
  public var steps = 10
  /// Passes over the client's examples a round, from 1 to 1,000,000; `nil`: `steps` counts.
  public var epochs: Int?
  /// Examples a step, from 1 to 65,536.
  public var batch = 16
  /// Learning rate of the first round, above 0.
  public var learningRate = 5e-5
  /// Learning rate that the cosine falls towards and would reach one round after the last, from 0
  /// to `learningRate`; a constant schedule ignores it.
  public var finalLearningRate = 1e-6
  /// Learning rate of B over that of A, above 0.
  public var rateRatioOfB = 1.0
  /// How the learning rate changes from round to round.
  public var schedule = Schedule.roundCosine
  /// First steps of each round with a rising learning rate, at least 0.
  public var warmupSteps = 0
  /// What makes a step of a gradient; fresh each round.
  public var optimizer = Optimizer.adamw
  /// Decoupled weight decay, at least 0.
  public var weightDecay = 0.0
  /// Largest norm of a step's gradient, above 0; `nil`: no clipping.
  public var clip: Double? = 1

  /// Creates the defaults.
  public init() {}
}

extension LocalConfiguration.Schedule: ConfigurationChoice {}
extension LocalConfiguration.Optimizer: ConfigurationChoice {}

extension LocalConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("steps", \.steps, .within(1...1_000_000), meaning: "steps a round"),
      .optional(
        "epochs",
        \.epochs,
        .within(1...1_000_000),
        meaning: "passes over the client's examples, not steps"
      ),
      .value("batch", \.batch, .within(1...65536), meaning: "examples a step"),
      .value(
        "learning_rate",
        \.learningRate,
        .above(0),
        meaning: "learning rate of the first round"
      ),
      .value(
        "final_learning_rate",
        \.finalLearningRate,
        .atLeast(0),
        meaning: "learning rate that the cosine falls towards; a constant schedule ignores it"
      ),
      .value(
        "b_rate_ratio",
        \.rateRatioOfB,
        .above(0),
        meaning: "learning rate of B over that of A; LoRA+ has more than 1"
      ),
      .value("schedule", \.schedule, meaning: "learning rate from round to round"),
      .value(
        "warmup_steps",
        \.warmupSteps,
        .atLeast(0),
        meaning: "rising first steps of each round"
      ),
      .value(
        "optimizer",
        \.optimizer,
        meaning: "what makes a step of a gradient, fresh each round; sgd: gradient descent"
      ),
      .value("weight_decay", \.weightDecay, .atLeast(0), meaning: "decoupled weight decay"),
      .optional(
        "clip",
        \.clip,
        .above(0),
        meaning: "largest norm of a gradient; null: no clipping"
      ),
    ]
  }
}
