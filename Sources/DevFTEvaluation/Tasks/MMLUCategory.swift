/// The four fields that the subjects of MMLU belong to.
enum MMLUCategory: String, CaseIterable {
  case stem, humanities, other
  case socialSciences = "social_sciences"

  /// Its subjects; all that no other category names are `other`.
  private static let subjects: [MMLUCategory: Set<String>] = [
    .stem: [
      "abstract_algebra", "anatomy", "astronomy", "college_biology", "college_chemistry",
      "college_computer_science", "college_mathematics", "college_physics", "computer_security",
      "conceptual_physics", "electrical_engineering", "elementary_mathematics",
      "high_school_biology", "high_school_chemistry", "high_school_computer_science",
      "high_school_mathematics", "high_school_physics", "high_school_statistics",
      "machine_learning",
    ],
    .humanities: [
      "formal_logic", "high_school_european_history", "high_school_us_history",
      "high_school_world_history", "international_law", "jurisprudence", "logical_fallacies",
      "moral_disputes", "moral_scenarios", "philosophy", "prehistory", "professional_law",
      "world_religions",
    ],
    .socialSciences: [
      "econometrics", "high_school_geography", "high_school_government_and_politics",
      "high_school_macroeconomics", "high_school_microeconomics", "high_school_psychology",
      "human_sexuality", "professional_psychology", "public_relations", "security_studies",
      "sociology", "us_foreign_policy",
    ],
  ]

  private static func category(of subject: String) -> MMLUCategory {
    subjects.first { $0.value.contains(subject) }?.key ?? .other
  }

  /// The categories that subjects belong to, each question weighing alike.
  ///
  /// - Parameter groups: The subjects.
  /// - Returns: One group a category that occurs.
  static func groups(of groups: [EvaluationResult.Group]) -> [EvaluationResult.Group] {
    allCases.compactMap { category in
      let own = groups.filter { self.category(of: $0.name) == category }
      guard let first = own.first else { return nil }
      let pooled = MeanEstimate(pooling: own.map { $0.metrics[0].estimate })
      return EvaluationResult.Group(
        name: category.rawValue,
        metrics: [EvaluationResult.Metric(first.metrics[0].name, pooled)]
      )
    }
  }
}
