public import DevFTTensor

/// Layers that lie in memory: adapters, and small models in tests.
public struct LayersInMemory: LayerSource, Sendable {
  private let layers: [NamedTensors]

  /// The names of one layer's parameters, ascending.
  public let parameterNames: [String]

  /// Wraps layers that are alike.
  ///
  /// - Parameter layers: One set a layer, lowest layer first; at least one.
  /// - Throws: `StagesError` with code `layersDiffer` when there is no layer, or when two layers
  ///   differ in names or shapes.
  public init(_ layers: [NamedTensors]) throws(StagesError) {
    guard let first = layers.first else {
      throw StagesError(.layersDiffer, "expected at least one layer, got none")
    }
    let names = first.names
    for (index, layer) in layers.enumerated() {
      guard layer.names == names else {
        let lists = [names, layer.names].map { $0.joined(separator: ", ") }
        let came = "expected \(lists[0]); got \(lists[1])"
        throw StagesError(.layersDiffer, "parameters of layer \(index): \(came)")
      }
      for name in names where layer[name]?.shape != first[name]?.shape {
        let shapes = (first[name]?.shape ?? [], layer[name]?.shape ?? [])
        let came = "expected shape \(shapes.0), got \(shapes.1)"
        throw StagesError(.layersDiffer, "parameter \(name) of layer \(index): \(came)")
      }
    }
    self.layers = layers
    parameterNames = names
  }

  /// Number of layers, at least 1.
  public var layerCount: Int { layers.count }

  /// The shape that a parameter has in every layer.
  ///
  /// - Parameter name: One of `parameterNames`.
  /// - Returns: Length of each axis, outermost first.
  /// - Throws: `StagesError` with code `missingParameter`.
  public func shape(of name: String) throws -> [Int] { try parameter(name, layer: 0).shape }

  /// Reads one parameter.
  ///
  /// - Parameters:
  ///   - name: One of `parameterNames`.
  ///   - layer: In `0 ..< layerCount`.
  /// - Returns: The tensor as it was given.
  /// - Throws: `StagesError` with code `missingParameter`.
  public func parameter(_ name: String, layer: Int) throws -> Tensor {
    precondition(layers.indices.contains(layer), "layer \(layer) is not in 0 ..< \(layers.count)")
    guard let tensor = layers[layer][name] else {
      throw StagesError(.missingParameter, "layer \(layer) has no parameter \(name)")
    }
    return tensor
  }

  /// Copies some consecutive rows of a matrix.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis.
  ///   - name: One of `parameterNames`, of a parameter with at least two axes.
  ///   - layer: In `0 ..< layerCount`.
  /// - Returns: A matrix as many rows high.
  /// - Throws: `StagesError` with code `missingParameter`.
  /// - Precondition: The rows lie inside.
  public func rows(_ rows: Range<Int>, of name: String, layer: Int) throws -> Tensor {
    try parameter(name, layer: layer).rows(rows)
  }
}
