/// A baseline that trains the `K` upper layers, the same in every round.
///
/// - All layers run; those below the `K` only forward, so that the backward pass ends at layer `L − K` and the
///   lower ones keep nothing for it.
/// - Bytes `b N K / L` each way: adapters of the other layers are never trained and stay zero. With `K` as
///   the mean of DevFT's capacities, the default, a run moves as many bytes as DevFT.
public struct TopLayers: FederatedMethod {
  /// `top-layers`.
  public static let name = "top-layers"
  /// For the reference.
  public static let meaning = "fedit on the upper layers only"

  private let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.layers` is `K`.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

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
    selection(of: state.global.count)
  }

  /// The deepest way back of a round.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: A selection that costs as much as any.
  public func costliestLayers(layerCount: Int) -> LayerSelection? {
    selection(of: layerCount)
  }

  private func selection(of layerCount: Int) -> LayerSelection {
    let count = settings.layersPerRound(of: layerCount)
    return LayerSelection(layerCount: layerCount, trained: layerCount - count..<layerCount)
  }
}
