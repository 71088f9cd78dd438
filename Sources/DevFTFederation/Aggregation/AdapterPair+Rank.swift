import DevFTTensor

extension AdapterPair {
  /// The rank of an adapter whose modules all have the same, or `nil` when there is no module.
  static func rank(of adapter: [NamedTensors]) -> Int? {
    for layer in adapter {
      if let pair = pairs(in: layer).first { return layer[pair.loraA]?.rowCount }
    }
    return nil
  }

  /// An adapter of another rank: the first rows of A and columns of B, or zeros behind them.
  ///
  /// A higher rank leaves the products `B A` as they are.
  ///
  /// - Parameters:
  ///   - adapter: One set a layer; tensors that are no factors stay.
  ///   - rank: Rank of the result.
  /// - Returns: The resized adapter.
  static func resized(_ adapter: [NamedTensors], toRank rank: Int) -> [NamedTensors] {
    adapter.map { layer in
      layer.map { name, tensor in
        if isA(name) { return resizedA(tensor, toRank: rank) }
        return isB(name) ? resizedB(tensor, toRank: rank) : tensor
      }
    }
  }

  /// A down projection with the first rows, or with rows of zeros behind them.
  static func resizedA(_ tensor: Tensor, toRank rank: Int) -> Tensor {
    guard tensor.rowCount != rank else { return tensor }
    let count = rank * tensor.columnCount
    let kept = tensor.elements.prefix(count)
    let zeros = repeatElement(Float(0), count: count - kept.count)
    return Tensor(shape: [rank, tensor.columnCount], elements: Array(kept) + zeros)
  }

  /// An up projection with the first columns, or with columns of zeros behind them.
  static func resizedB(_ tensor: Tensor, toRank rank: Int) -> Tensor {
    let (rows, columns) = (tensor.rowCount, tensor.columnCount)
    guard columns != rank else { return tensor }
    let source = tensor.elements
    var elements: [Float] = Array(repeating: 0, count: rows * rank)
    for row in 0..<rows {
      for column in 0..<min(rank, columns) {
        elements[row * rank + column] = source[row * columns + column]
      }
    }
    return Tensor(shape: [rows, rank], elements: elements)
  }
}
