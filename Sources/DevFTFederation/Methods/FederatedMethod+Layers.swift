/// The defaults: every client runs and trains all layers.
extension FederatedMethod {
  /// The server does not run the model.
  public static var needsPrompts: Bool { false }

  /// Nothing is asked.
  ///
  /// - Parameters:
  ///   - state: The initial state.
  ///   - survey: Not looked at.
  /// - Returns: The same state.
  /// - Throws: Nothing.
  public func prepared(
    _ state: FederatedState,
    by survey: any LayerSurvey
  ) throws -> FederatedState { state }

  /// All layers run and are trained.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - place: Its round.
  ///   - state: What the last round left.
  /// - Returns: `nil`.
  public func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection? { nil }

  /// All layers run and are trained.
  ///
  /// - Parameter layerCount: Layers of the model.
  /// - Returns: `nil`.
  public func costliestLayers(layerCount: Int) -> LayerSelection? { nil }

  /// The objections of a method that chooses layers itself.
  ///
  /// - Parameters:
  ///   - feature: What a run asks for.
  ///   - choice: How it chooses them.
  /// - Returns: A reason against stages and what belongs to them, unequal ranks, and a trained head.
  static func layerObjection(to feature: MethodFeature, _ choice: String) -> String? {
    switch feature {
    case .stages, .groupingByAdapter, .fusionBySum: "it is an alternative to stages: \(choice)"
    case .unequalRanks: "its clients all train the whole rank"
    case .trainedHead: "it chooses among layers, and a head is none"
    case .lateUpdates: "its layers change from round to round"
    case .unequalRates: nil
    }
  }
}
