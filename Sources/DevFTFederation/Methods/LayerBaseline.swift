/// A baseline whose clients all run every layer and train the same `K` of them in a round.
protocol LayerBaseline: FederatedMethod {
  /// Its `options.layers` is `K`.
  var settings: MethodSettings { get }

  /// The layers that a round trains.
  ///
  /// - Parameters:
  ///   - layerCount: Layers `L` of the model.
  ///   - round: Round from 1.
  /// - Returns: `K` of them.
  func trained(of layerCount: Int, round: Int) -> [Int]
}

extension LayerBaseline {
  /// Stages are an alternative.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against stages and unequal ranks.
  public static func objection(to feature: MethodFeature) -> String? {
    layerObjection(to: feature, "it trains federation.options.layers layers a round")
  }

  /// All layers run, `K` are trained.
  ///
  /// - Parameters:
  ///   - client: The client; all have the same.
  ///   - place: Its round.
  ///   - state: What the last round left.
  /// - Returns: The selection.
  public func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection? {
    let layerCount = state.global.count
    return LayerSelection(
      layerCount: layerCount,
      trained: trained(of: layerCount, round: place.round)
    )
  }

  /// The deepest way back of a round.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: A selection that costs as much as any; of a baseline with the same layers in every round,
  ///   that of the first.
  public func costliestLayers(layerCount: Int) -> LayerSelection? {
    LayerSelection(layerCount: layerCount, trained: trained(of: layerCount, round: 1))
  }
}
