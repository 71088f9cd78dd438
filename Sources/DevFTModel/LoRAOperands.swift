import DevFTFormats
public import DevFTTensor

/// The low-rank pair of one projection, ready for products.
///
/// The correction is `scale · (x Aᵀ) Bᵀ` with `scale = alpha / rank`.
/// - SeeAlso: Hu et al., 2021, section 4.1, <https://arxiv.org/abs/2106.09685>.
public struct LoRAOperands: Sendable {
  /// Down projection `A`, `[R, in]`.
  let loraA: Matrix
  /// Up projection `B`, `[out, R]`.
  let loraB: Matrix
  /// Factor `alpha / rank`.
  let scale: Float

  /// Takes the pair of a projection from a layer's adapter, or fails when there is none.
  ///
  /// - Parameters:
  ///   - projection: Which projection.
  ///   - layer: The layer's adapter tensors.
  ///   - scale: Factor `alpha / rank`.
  ///   - precision: Type of the products.
  init?(_ projection: Projection, of layer: NamedTensors, scale: Float, precision: Precision) {
    guard let loraA = layer[projection.loraAName], let loraB = layer[projection.loraBName] else {
      return nil
    }
    precondition(
      loraA.rowCount == loraB.columnCount,
      "\(projection): loraA \(loraA.shape) and loraB \(loraB.shape) disagree on the rank"
    )
    self.loraA = Matrix(loraA, precision: precision)
    self.loraB = Matrix(loraB, precision: precision)
    self.scale = scale
  }
}

/// The adapter of a decoder, ready for products: one dictionary a layer.
public struct AdapterOperands: Sendable {
  private let layers: [NamedTensors]
  private let scale: Float
  private let precision: Precision
  /// The pairs of all layers, when they are to serve for many passes.
  private var prepared: [[Projection: LoRAOperands]]?

  /// Takes an adapter; a layer's pairs are rounded when they are asked for.
  ///
  /// - Parameters:
  ///   - layers: Adapter tensors, one set a layer of the decoder; none for the bare base.
  ///   - scale: Factor `alpha / rank`.
  ///   - precision: Type of the products.
  public init(_ layers: [NamedTensors], scale: Float, precision: Precision) {
    self.layers = layers
    self.scale = scale
    self.precision = precision.operands
  }

  /// The same with all pairs rounded once: worth their memory when they serve for many passes.
  public func preparedForReuse() -> AdapterOperands {
    var copy = self
    copy.prepared = layers.indices.map { self[$0] }
    return copy
  }

  /// The pairs of one layer; none when the decoder runs without an adapter.
  subscript(layer: Int) -> [Projection: LoRAOperands] {
    if let prepared { return prepared.isEmpty ? [:] : prepared[layer] }
    guard !layers.isEmpty else { return [:] }
    var operands: [Projection: LoRAOperands] = [:]
    for projection in Projection.allCases {
      operands[projection] = LoRAOperands(
        projection,
        of: layers[layer],
        scale: scale,
        precision: precision
      )
    }
    return operands
  }
}
