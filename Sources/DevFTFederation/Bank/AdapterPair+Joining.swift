import DevFTTensor

extension AdapterPair {
  /// Two adapters of a layer as one, whose products `B A` are the sums of theirs.
  ///
  /// - Parameters:
  ///   - first: Its ranks come first.
  ///   - second: Its ranks follow; tensors that only one has stay as they are.
  /// - Returns: A with the rows of both, B with the columns of both.
  static func joined(_ first: NamedTensors, _ second: NamedTensors) -> NamedTensors {
    var joined = first
    for name in second.names {
      guard let own = first[name], let other = second[name] else {
        joined[name] = second[name]
        continue
      }
      joined[name] = isA(name) ? stackedA([own, other]) : stackedB([own, other])
    }
    return joined
  }

  /// Down projections below one another.
  static func stackedA(_ factors: [Tensor]) -> Tensor {
    Tensor(
      shape: [factors.reduce(0) { $0 + $1.rowCount }, factors[0].columnCount],
      elements: factors.flatMap(\.elements)
    )
  }

  /// Up projections side by side.
  static func stackedB(_ factors: [Tensor]) -> Tensor {
    let (rows, columns) = (factors[0].rowCount, factors.reduce(0) { $0 + $1.columnCount })
    var elements: [Float] = []
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for factor in factors {
        elements += factor.elements[row * factor.columnCount..<(row + 1) * factor.columnCount]
      }
    }
    return Tensor(shape: [rows, columns], elements: elements)
  }

  /// The largest rank of a layer's modules, or `nil` when there is none.
  static func largestRank(in layer: NamedTensors) -> Int? {
    pairs(in: layer).compactMap { layer[$0.loraA]?.rowCount }.max()
  }
}
