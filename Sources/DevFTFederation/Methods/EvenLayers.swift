/// A baseline that trains every `L / K`-th layer, the same ones in every round: `⌊i L / K⌋` for `i` in `0 ..< K`.
///
/// - All layers run, and the backward pass goes through all of them, since layer 0 is trained.
/// - Bytes `b N K / L` each way: adapters of the other layers are never trained and stay zero. With `K` as
///   the mean of DevFT's capacities, the default, a run moves as many bytes as DevFT.
public struct EvenLayers: LayerBaseline {
  /// `even-layers`.
  public static let name = "even-layers"
  /// For the reference.
  public static let meaning = "fedit on every L/K-th layer"

  let settings: MethodSettings

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.layers` is `K`.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  func trained(of layerCount: Int, round: Int) -> [Int] {
    let count = settings.layersPerRound(of: layerCount)
    return (0..<count).map { $0 * layerCount / count }
  }
}
