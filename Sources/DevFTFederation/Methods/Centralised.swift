/// Training without federation: one client holds all examples.
///
/// What federation is compared with. A round is as many local steps as a client's elsewhere; nothing
/// travels and there is nothing to combine.
public struct Centralised: FederatedMethod {
  /// `centralised`.
  public static let name = "centralised"
  /// For the reference.
  public static let meaning = "all examples on one client"

  /// Creates the method.
  ///
  /// - Parameter settings: Not looked at.
  public init(_ settings: MethodSettings = MethodSettings()) {}

  /// Anything goes but what needs other clients.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks and answers to earlier rounds.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "its clients all train the whole rank"
    case .lateUpdates: "nothing is combined"
    case .stages, .groupingByAdapter, .fusionBySum, .unequalRates, .trainedHead: nil
    }
  }

  /// One client with everyone's examples.
  ///
  /// - Parameter partition: The split of the examples.
  /// - Returns: One share.
  public func population(of partition: Partition) -> Partition { partition.pooled }

  /// Nothing travels.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: `false`.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    false
  }

  /// Nothing is aggregated.
  ///
  /// - Parameters:
  ///   - updates: Checked updates.
  ///   - state: What they were combined into.
  /// - Returns: Nothing.
  public func aggregationErrors(
    of updates: WeightedUpdates,
    combinedInto state: FederatedState
  ) -> [AggregationError] { [] }
}
