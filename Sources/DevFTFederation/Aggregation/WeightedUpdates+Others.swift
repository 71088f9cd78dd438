import DevFTTensor

extension WeightedUpdates {
  /// Takes the mean of the tensors that belong to no low-rank pair, such as a classification head's.
  ///
  /// - Parameter global: One set a layer; only those tensors change.
  func setMeanOfOthers(in global: inout [NamedTensors]) {
    for layer in global.indices {
      for name in global[layer].names where AdapterPair.isOther(name) {
        let tensors = updates.compactMap { $0.adapter[layer][name] }
        global[layer][name] = Tensor(
          shape: tensors[0].shape,
          elements: weightedMean(of: tensors.map(\.elements), weights)
        )
      }
    }
  }
}
