import DevFTTensor

/// Urges the last ranks of an adapter towards zero, and drops them when they have shrunk.
struct PruningRule: LocalRule {
  private let start: [NamedTensors]
  private let penalty: Double
  /// Ranks that are kept: `⌊γ R⌋`.
  private let kept: Int
  private let smallest: Int

  /// Prepares the rule of a task.
  init(_ task: ClientTask, options: MethodOptions) {
    start = task.adapter
    penalty = options.rankPenalty
    smallest = options.smallestRank
    let rank = AdapterPair.rank(of: task.adapter) ?? 0
    kept = Int((options.rankShare * Double(rank)).rounded(.down))
  }

  func addGradients(to gradients: inout [NamedTensors], at adapter: [NamedTensors]) {
    for layer in adapter.indices {
      for pair in AdapterPair.pairs(in: adapter[layer]) {
        guard let loraA = adapter[layer][pair.loraA], let loraB = adapter[layer][pair.loraB] else {
          continue
        }
        let (tailA, tailB) = (tail(ofA: loraA), tail(ofB: loraB))
        let (normA, normB) = (tailA.squaredNorm.squareRoot(), tailB.squaredNorm.squareRoot())
        // The norm has no gradient at zero; none is added there.
        if normA > 0 {
          let factor = Float(penalty * normB / normA)
          gradients[layer][pair.loraA]?.addEach(tailA) { factor * $0 }
        }
        if normB > 0 {
          let factor = Float(penalty * normA / normB)
          gradients[layer][pair.loraB]?.addEach(tailB) { factor * $0 }
        }
      }
    }
  }

  func sent(
    _ adapter: [NamedTensors],
    learningRates: Double
  ) -> (adapter: [NamedTensors], auxiliary: [NamedTensors]) {
    let rank = AdapterPair.rank(of: adapter) ?? 0
    let target = max(smallest, kept)
    guard target < rank, tailProduct(adapter) < tailProduct(start) else { return (adapter, []) }
    return (AdapterPair.resized(adapter, toRank: target), [])
  }

  /// `Σ ‖B[:, m:]‖ ‖A[m:, :]‖` over the modules.
  private func tailProduct(_ adapter: [NamedTensors]) -> Double {
    adapter.indices.reduce(0) { sum, layer in
      AdapterPair.pairs(in: adapter[layer]).reduce(sum) { sum, pair in
        guard let loraA = adapter[layer][pair.loraA], let loraB = adapter[layer][pair.loraB] else {
          return sum
        }
        let squares = tail(ofA: loraA).squaredNorm * tail(ofB: loraB).squaredNorm
        return sum + squares.squareRoot()
      }
    }
  }

  /// A with zeros in the rows that are kept.
  private func tail(ofA tensor: Tensor) -> Tensor {
    var tail = tensor
    for index in 0..<min(tensor.count, kept * tensor.columnCount) { tail.elements[index] = 0 }
    return tail
  }

  /// B with zeros in the columns that are kept.
  private func tail(ofB tensor: Tensor) -> Tensor {
    var tail = tensor
    let rank = tensor.columnCount
    for row in 0..<tensor.rowCount {
      for column in 0..<min(kept, rank) { tail.elements[row * rank + column] = 0 }
    }
    return tail
  }
}
