import DevFTTensor

extension AdapterPair {
  /// The factors of this module in several adapters.
  ///
  /// - Parameters:
  ///   - adapters: Adapters that all have the module.
  ///   - layer: Layer of the module.
  /// - Returns: One pair an adapter.
  func factors(
    of adapters: [[NamedTensors]],
    layer: Int
  ) -> [(loraA: Tensor, loraB: Tensor)] {
    adapters.compactMap { adapter in
      guard let loraA = adapter[layer][self.loraA], let loraB = adapter[layer][self.loraB] else {
        return nil
      }
      return (loraA, loraB)
    }
  }
}
