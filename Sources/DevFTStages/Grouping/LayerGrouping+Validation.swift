extension LayerGrouping {
  /// Checks the numbers among the options.
  ///
  /// - Throws: `StagesError` with code `invalidOption`.
  public func validate() throws(StagesError) {
    guard restarts >= 1 else {
      throw StagesError(.invalidOption, "grouping.restarts: expected at least 1, got \(restarts)")
    }
    if let size = maximumGroupSize, size < 1 {
      let came = "expected at least 1, got \(size)"
      throw StagesError(.invalidOption, "grouping.max_group_size: \(came)")
    }
  }

  /// Checks that groups as asked for exist.
  func check(capacity: Int, layerCount: Int, previous: LayerGroups?) throws(StagesError) {
    guard capacity >= 1, capacity <= layerCount else {
      let came = "expected 1 to \(layerCount), the number of layers; got \(capacity)"
      throw StagesError(.invalidGroups, "number of layer groups: \(came)")
    }
    if let previous, previous.layerCount != layerCount || previous.count > capacity {
      let came = "\(previous.count) groups of \(previous.layerCount) layers"
      let expected = "expected at most \(capacity) groups of \(layerCount) layers"
      throw StagesError(.invalidGroups, "stage before, to be split: \(expected); got \(came)")
    }
    guard let maximumGroupSize else { return }
    let sizes = previous?.sizes ?? [layerCount]
    // The quotient is rounded up without a sum that could overflow.
    let needed = sizes.reduce(0) { $0 + ($1 - 1) / maximumGroupSize + 1 }
    guard needed <= capacity else {
      let came = "\(layerCount) layers need \(needed) groups, the stage has \(capacity)"
      throw StagesError(.invalidGroups, "max_group_size \(maximumGroupSize): \(came)")
    }
  }
}
