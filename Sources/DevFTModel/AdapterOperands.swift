public import DevFTTensor

/// The pairs of one layer by site.
typealias LayerOperands = [LinearSite: LoRAOperands]

/// The adapter of a model, ready for products.
public struct AdapterOperands: Sendable {
  private let layers: [NamedTensors]
  /// Pairs without gradients beside them; none, or one set a layer.
  private let frozen: [NamedTensors]
  private let scale: Float
  private let precision: Precision
  /// What a second loss goes through, of layers above the decoder's; `nil`: there is none.
  private(set) var chain: AdapterChain?
  /// The pairs of all layers, when they are to serve for many passes.
  private var prepared: [LayerOperands]?

  /// Takes an adapter; a layer's pairs are rounded when they are asked for.
  ///
  /// - Parameters:
  ///   - layers: Adapter tensors, one set a layer, and of an encoder one for its head; none for the bare
  ///     base.
  ///   - frozen: Pairs beside them that have no gradients, as many sets or none; none by default.
  ///   - scale: Factor `alpha / rank`.
  ///   - precision: Type of the products.
  public init(
    _ layers: [NamedTensors],
    frozen: [NamedTensors] = [],
    scale: Float,
    precision: Precision
  ) {
    precondition(
      frozen.isEmpty || frozen.count == layers.count,
      "\(frozen.count) frozen layers beside \(layers.count)"
    )
    self.layers = layers
    self.frozen = frozen
    self.scale = scale
    self.precision = precision.operands
  }

  /// The same with all pairs rounded once: worth their memory when they serve for many passes.
  public func preparedForReuse() -> AdapterOperands {
    var copy = self
    copy.prepared = layers.indices.map { self[$0] }
    return copy
  }

  /// The same with a second loss.
  ///
  /// - Parameter chain: What it goes through, of layers above the decoder's; `nil`: there is none.
  /// - Returns: The operands.
  public func followed(by chain: AdapterChain?) -> AdapterOperands {
    var copy = self
    copy.chain = chain
    return copy
  }

  /// The tensors of a set that stands behind those of the layers.
  ///
  /// - Parameter index: Number of layers.
  /// - Returns: The tensors as they were given.
  func outerSet(_ index: Int) -> NamedTensors { layers[index] }

  /// The pairs of one layer; none when the decoder runs without an adapter.
  subscript(layer: Int) -> LayerOperands {
    if let prepared { return prepared.isEmpty ? [:] : prepared[layer] }
    guard !layers.isEmpty else { return [:] }
    var operands: LayerOperands = [:]
    for site in LinearSite.allCases {
      operands[site] = LoRAOperands(
        site,
        of: layers[layer],
        frozen: frozen.isEmpty ? NamedTensors() : frozen[layer],
        scale: scale,
        precision: precision
      )
    }
    return operands
  }
}
