/// What a client's update weighs, before the weights are divided by their sum.
public enum AggregationWeighting: String, CaseIterable, Codable, Sendable {
  /// The number of examples the client holds.
  case examples
  /// The number of target tokens the client trained on in the round.
  case tokens
  /// One a client.
  case uniform

  /// The aggregation weight of an update.
  ///
  /// - Parameter report: The client's report.
  /// - Returns: A number of at least 0.
  public func weight(of report: TrainingReport) -> Double {
    switch self {
    case .examples: Double(report.exampleCount)
    case .tokens: Double(report.tokenCount)
    case .uniform: 1
    }
  }
}
