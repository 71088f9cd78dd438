import DevFTTensor

/// The part of a hypernetwork that makes one factor of one module, for all layers.
struct HyperHead: Sendable {
  /// PEFT's name of the factor.
  let name: String

  private let factor: AdapterFactor
  /// Names of `U`, `V` and the bias.
  private let parts: (u: String, v: String, bias: String)
  /// `[t R, c]`.
  private let u: Matrix
  /// `[c, width]`.
  private let v: Matrix
  /// `H`, its rows of length 1 if it makes A, `[t, R · width]`.
  private let weights: Tensor
  /// Length of each row of `H` before; 1 where rows keep theirs.
  private let norms: [Float]
  private var rank: Int { u.rows / weights.rowCount }

  /// Makes `H`.
  ///
  /// - Parameters:
  ///   - module: The module.
  ///   - factor: Which of its factors.
  ///   - shared: Has the parts under their names.
  ///   - conditionWidth: Numbers `t` of a condition.
  init(
    of module: AdapterPair,
    _ factor: AdapterFactor,
    in shared: NamedTensors,
    conditionWidth: Int
  ) {
    name = factor == .loraA ? module.loraA : module.loraB
    self.factor = factor
    parts = (
      HyperName.part("u", of: factor, module), HyperName.part("v", of: factor, module),
      HyperName.part("bias", of: factor, module)
    )
    guard let u = shared[parts.u], let v = shared[parts.v], let bias = shared[parts.bias] else {
      preconditionFailure("\(name): the hypernetwork lacks a part")
    }
    self.u = Matrix(u, precision: .float32)
    self.v = Matrix(v, precision: .float32)
    var weights = Tensor.product(self.u, self.v, transposingRight: false)
      .reshaped(to: [conditionWidth, bias.count])
    weights.addToRows(bias)
    var norms = Array(repeating: Float(1), count: conditionWidth)
    if factor == .loraA { norms = weights.normaliseRows() }
    (self.weights, self.norms) = (weights, norms)
  }

  /// The factor of each layer.
  ///
  /// - Parameter conditions: `e_l` of each layer, `[L, t]`.
  /// - Returns: Of a layer each `[R, in]`, or `[out, R]`.
  func factors(_ conditions: Tensor) -> [Tensor] {
    let rows = product(conditions, weights)
    return (0..<rows.rowCount).map { layer in
      let laid = rows.rows(layer..<layer + 1).reshaped(to: [rank, v.columns])
      return factor == .loraA ? laid : laid.transposed()
    }
  }

  /// Adds the gradients of the parts.
  ///
  /// - Parameters:
  ///   - gradients: Gradient of the factor of each layer, in its shape.
  ///   - conditions: `e_l` of each layer, `[L, t]`.
  ///   - result: Gets them under the parts' names.
  /// - Returns: Gradient of the conditions, `[L, t]`.
  func addGradients(
    of gradients: [Tensor],
    at conditions: Tensor,
    to result: inout NamedTensors
  ) -> Tensor {
    let rows = Tensor(
      shape: [gradients.count, weights.columnCount],
      elements: gradients.flatMap { factor == .loraA ? $0.elements : $0.transposed().elements }
    )
    var byWeights = product(conditions.transposed(), rows)
    if factor == .loraA { byWeights.projectRows(from: weights, norms: norms) }
    result[parts.bias] = byWeights.sumOfRows()
    let byProduct = Matrix(byWeights.reshaped(to: [u.rows, v.columns]), precision: .float32)
    result[parts.u] = .product(byProduct, v, transposingRight: true)
    result[parts.v] = .product(u.transposed(), byProduct, transposingRight: false)
    return product(rows, weights, transposingRight: true)
  }

  /// Floating-point operations of the factors of some layers: `H`, and its product with the conditions.
  func operationCount(layerCount: Int) -> Double {
    2 * Double(u.rows * v.columns) * Double(u.columns + layerCount)
  }

  private func product(
    _ left: Tensor,
    _ right: Tensor,
    transposingRight transposed: Bool = false
  ) -> Tensor {
    .product(
      Matrix(left, precision: .float32),
      Matrix(right, precision: .float32),
      transposingRight: transposed
    )
  }
}

extension Tensor {
  /// Scales each row to length 1; a row of zeros stays.
  ///
  /// - Returns: The lengths before, 1 of a row of zeros.
  fileprivate mutating func normaliseRows() -> [Float] {
    (0..<rowCount).map { row in
      let range = row * columnCount..<(row + 1) * columnCount
      let squares = elements[range].reduce(0.0) { $0 + Double($1) * Double($1) }
      guard squares > 0 else { return 1 }
      let norm = Float(squares.squareRoot())
      for index in range { elements[index] /= norm }
      return norm
    }
  }

  /// Makes gradients of rows before scaling from those after it: `(g − (g · ĥ) ĥ) / ‖h‖`.
  fileprivate mutating func projectRows(from scaled: Tensor, norms: [Float]) {
    let unit = scaled.elements
    for (row, norm) in norms.enumerated() {
      let range = row * columnCount..<(row + 1) * columnCount
      let along = Float(range.reduce(0.0) { $0 + Double(elements[$1]) * Double(unit[$1]) })
      for index in range { elements[index] = (elements[index] - along * unit[index]) / norm }
    }
  }

  /// The sum of all rows, `[columns]`.
  fileprivate func sumOfRows() -> Tensor {
    var sum = Array(repeating: Float(0), count: columnCount)
    for row in 0..<rowCount {
      for column in sum.indices { sum[column] += elements[row * columnCount + column] }
    }
    return Tensor(shape: [columnCount], elements: sum)
  }
}
