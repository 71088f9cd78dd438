import DevFTTensor

/// One factor of several clients, one below the other: `[K·R, width]`.
struct FactorStack {
  /// Rank of one client's factor.
  let rank: Int
  private let width: Int
  private var elements: [Float]

  /// Stacks down projections.
  ///
  /// - Parameter factors: One a client, each `[R, in]`.
  init(_ factors: [Tensor]) {
    rank = factors[0].rowCount
    width = factors[0].columnCount
    elements = factors.flatMap(\.elements)
  }

  /// Stacks up projections, transposed.
  ///
  /// - Parameter factors: One a client, each `[out, R]`.
  init(transposing factors: [Tensor]) {
    self.init(factors.map { $0.transposed() })
  }

  /// Takes the clients' weighted mean off each client's factor.
  ///
  /// - Parameter shares: Share of each client.
  /// - Returns: The differences, stacked the same way.
  func centred(_ shares: [Double]) -> FactorStack {
    var differences = elements
    let size = rank * width
    for place in 0..<size {
      // Differences from the first client: equal factors leave exact zeros.
      let first = Double(elements[place])
      var mean = 0.0
      for client in shares.indices {
        mean += shares[client] * (Double(elements[client * size + place]) - first)
      }
      for client in shares.indices {
        let difference = Double(elements[client * size + place]) - first
        differences[client * size + place] = Float(difference - mean)
      }
    }
    var result = self
    result.elements = differences
    return result
  }

  /// Products of all pairs of rows, `[K·R, K·R]`.
  func gram() -> Tensor {
    let stack = Tensor(shape: [width == 0 ? 0 : elements.count / width, width], elements: elements)
    let matrix = Matrix(stack, precision: .float32)
    return Tensor.product(matrix, matrix, transposingRight: true)
  }
}
