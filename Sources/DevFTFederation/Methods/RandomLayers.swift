import DevFTTensor

/// A baseline that trains `K` layers drawn anew for each round, the same for all clients of the round.
///
/// - All layers run; the backward pass ends at the lowest of the `K`.
/// - Bytes `b N K / L` up, as DevFT's when `K` is the mean of its capacities, the default. Down travel the
///   adapters of all layers that have changed since a client last held them: up to `b N`, because
///   layers that are not trained in a round run with what others have learnt.
public struct RandomLayers: LayerBaseline {
  /// `random-layers`.
  public static let name = "random-layers"
  /// For the reference.
  public static let meaning = "fedit on layers drawn anew each round"

  let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.layers` is `K`, its `seed` that of the draws.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  func trained(of layerCount: Int, round: Int) -> [Int] {
    var stream = RandomStream(seed: settings.seed, purpose: Self.name, round: round)
    return Array(
      stream.permutation(of: layerCount).prefix(settings.layersPerRound(of: layerCount))
    )
  }

  /// The deepest way back of a round.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: A selection that costs as much as any.
  public func costliestLayers(layerCount: Int) -> LayerSelection? {
    let count = settings.layersPerRound(of: layerCount)
    return LayerSelection(
      layerCount: layerCount,
      trained: [0] + (layerCount - count + 1..<layerCount)
    )
  }
}
