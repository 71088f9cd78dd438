public import DevFTTensor

/// The bank over stages: what a submodel learns goes to every layer of a group, and a fused layer is made
/// from layers that have it.
extension FactorBank {
  /// Everything that has been merged into each layer of the full model.
  ///
  /// `W_j + s (folded_j + Δ_g)` for every member `j` of group `g`.
  ///
  /// - Parameter groups: Members of each group of the submodel's stage.
  /// - Returns: One set a layer of the full model; nothing when nothing has been merged.
  public func fullDepth(_ groups: [[Int]]) -> [NamedTensors] {
    guard !isEmpty else { return [] }
    var full = Array(repeating: NamedTensors(), count: groups.reduce(0) { $0 + $1.count })
    for (group, members) in groups.enumerated() {
      for layer in members {
        full[layer] = AdapterPair.joined(
          layer < folded.count ? folded[layer] : NamedTensors(),
          group < layers.count ? layers[group] : NamedTensors()
        )
      }
    }
    return full
  }

  /// Begins a stage: a layer alone in its group keeps its factors beside it, the others are to be folded
  /// into the fused layers.
  ///
  /// - Parameter groups: Members of each group.
  /// - Precondition: The bank holds one set a layer of the full model, or nothing.
  public mutating func openStage(_ groups: [[Int]]) {
    guard !layers.isEmpty else { return }
    let full = layers
    precondition(
      full.count == groups.reduce(0) { $0 + $1.count },
      "\(full.count) layers in the bank"
    )
    layers = groups.map { $0.count == 1 ? full[$0[0]] : NamedTensors() }
    folded = []
    guard layers.count < full.count else { return }
    folded = full
    for members in groups where members.count == 1 { folded[members[0]] = NamedTensors() }
  }

  /// Ends a stage: every layer of the full model has its factors beside it again.
  ///
  /// - Parameter groups: Members of each group.
  public mutating func closeStage(_ groups: [[Int]]) {
    layers = fullDepth(groups)
    folded = []
    for index in layers.indices { layers[index].multiplyOutAboveFullRank() }
  }

  /// An adapter together with what has been merged, in one rank for all modules.
  ///
  /// The bank's ranks come first. An own pair whose B is zero adds nothing and is left out where the
  /// bank has the module.
  ///
  /// - Parameters:
  ///   - bank: As many sets as the adapter, or nothing.
  ///   - adapter: One set a layer.
  /// - Returns: One set a layer; the adapter itself without a bank.
  public static func joined(_ bank: [NamedTensors], _ adapter: [NamedTensors]) -> [NamedTensors] {
    guard !bank.isEmpty else { return adapter }
    let joined = zip(bank, adapter).map { merged, own in
      var own = own
      for pair in AdapterPair.pairs(in: merged) where own[pair.loraB]?.squaredNorm == 0 {
        (own[pair.loraA], own[pair.loraB]) = (nil, nil)
      }
      return AdapterPair.joined(merged, own)
    }
    return AdapterPair.resized(
      joined,
      toRank: joined.compactMap(AdapterPair.largestRank).max() ?? 0
    )
  }
}
