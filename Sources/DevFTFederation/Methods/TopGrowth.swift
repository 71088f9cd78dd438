/// Federated averaging over the upper layers, more and more of them downwards.
///
/// - All layers run. Stage `s` trains the upper `L_s`; the prefix below them only runs forward, with no
///   adapter yet (`B = 0`), so the model keeps its function from the first round and each stage starts
///   from exactly what the last one ended with.
/// - The backward pass ends at layer `L − L_s`, the prefix keeps nothing for it, and `b N L_s / L` bytes
///   travel each way. A round costs about `(L + L_s) / 2 L` of one that trains all layers.
/// - Capacities and rounds are `options.growthLayers` and `options.growthRounds`, by default DevFT's.
/// - Source: this project's; the schedule is DevFT's (section 3.1), the submodel is not fused.
public struct TopGrowth: LayerBaseline {
  /// `top-growth`.
  public static let name = "top-growth"
  /// For the reference.
  public static let meaning = "fedit on the upper layers, more and more of them"

  let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: Its `growth` says how many layers are trained in which rounds.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Stages are an alternative.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against stages and unequal ranks.
  public static func objection(to feature: MethodFeature) -> String? {
    layerObjection(to: feature, "it grows by federation.options.growth_layers")
  }

  func trained(of layerCount: Int, round: Int) -> [Int] {
    let capacity = settings.growth.capacity(ofRound: round) ?? layerCount
    return Array(layerCount - min(capacity, layerCount)..<layerCount)
  }

  /// The last stage's.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: All layers.
  public func costliestLayers(layerCount: Int) -> LayerSelection? {
    LayerSelection(layerCount: layerCount, trained: 0..<layerCount)
  }
}
