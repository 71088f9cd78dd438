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
  /// Benchmarks that the global model is measured on whenever its loss is.
  public var tasks: [EvaluationTask] = []
  /// Directory of the benchmarks' files.
  public var dataDirectory = "data"
  /// Questions of each subject or sub-task, from the first, at least 1; `nil`: all.
  public var limit: Int? = 10

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
      .value(
        "tasks",
        \.tasks,
        .published,
        meaning: "benchmarks that the global model is measured on whenever its loss is"
      ),
      .value(
        "data_dir",
        \.dataDirectory,
        meaning: "directory of the benchmarks' files, laid out as docs/evaluation.md says"
      ),
      .optional(
        "limit",
        \.limit,
        .atLeast(1),
        meaning: "first questions of each subject or sub-task of the benchmarks; null: all"
      ),
    ]
  }
}

extension EvaluationTask: ConfigurationChoice {}

extension ConfigurationConstraint where Value == [EvaluationTask] {
  /// Benchmarks with published questions, none twice.
  fileprivate static var published: Self {
    let others = EvaluationTask.allCases.filter(\.readsRows).map(\.rawValue)
    return Self(phrase: ", none twice, not \(others.joined(separator: " or "))") { list in
      Set(list).count == list.count && !list.contains(where: \.readsRows)
    }
  }
}
