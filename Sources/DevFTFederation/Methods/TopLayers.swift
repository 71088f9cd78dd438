/// A baseline that trains the `K` upper layers, the same in every round.
///
/// - All layers run; those below the `K` only forward, so that the backward pass ends at layer `L − K` and the
///   lower ones keep nothing for it.
/// - Bytes `b N K / L` each way: adapters of the other layers are never trained and stay zero. With `K` as
///   the mean of DevFT's capacities, the default, a run moves as many bytes as DevFT.
public struct TopLayers: LayerBaseline {
  /// `top-layers`.
  public static let name = "top-layers"
  /// For the reference.
  public static let meaning = "fedit on the upper layers only"

  let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.layers` is `K`.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  func trained(of layerCount: Int, round: Int) -> [Int] {
    Array(layerCount - settings.layersPerRound(of: layerCount)..<layerCount)
  }
}
