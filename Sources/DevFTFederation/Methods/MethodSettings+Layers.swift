extension MethodSettings {
  /// Layers that a method trains a round when it trains a fixed number: `options.layers`, or as many
  /// as DevFT's stages have on the mean of the rounds, half of all where no stages are known.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: A number in `1 ... L`.
  func layersPerRound(of layerCount: Int) -> Int {
    if let layers = options.layers { return min(layers, layerCount) }
    let rounds = growth.reduce(0) { $0 + $1.rounds }
    guard rounds > 0 else { return max(1, layerCount / 2) }
    let sum = growth.reduce(0) { $0 + $1.rounds * $1.capacity }
    return min(max(1, (2 * sum + rounds) / (2 * rounds)), layerCount)
  }
}
