import DevFTTensor

/// The layers, names and shapes of an adapter, without its numbers.
struct AdapterLayout: Equatable {
  private var layers: [[String: [Int]]]

  /// Reads the layout of an adapter.
  init(_ adapter: [NamedTensors]) {
    layers = adapter.map { layer in
      let shapes = layer.names.compactMap { name in layer[name].map { (name, $0.shape) } }
      return Dictionary(uniqueKeysWithValues: shapes)
    }
  }

  /// The layout with what another has in the layers in which this one has nothing.
  func filled(from other: AdapterLayout) -> AdapterLayout {
    var filled = self
    for layer in layers.indices where layers[layer].isEmpty && other.layers.indices ~= layer {
      filled.layers[layer] = other.layers[layer]
    }
    return filled
  }

  /// Says in one line where another layout differs, or nothing when it does not.
  func difference(to other: AdapterLayout) -> String? {
    guard layers.count == other.layers.count else {
      return "expected \(layers.count) layers, \(other.layers.count) came"
    }
    guard let layer = layers.indices.first(where: { layers[$0] != other.layers[$0] }) else {
      return nil
    }
    let (expected, came) = (layers[layer], other.layers[layer])
    guard let name = expected.keys.sorted().first(where: { expected[$0] != came[$0] }) else {
      return "layer \(layer): \(came.count - expected.count) tensors more than were sent"
    }
    let shape = came[name].map { "shape \($0)" } ?? "none"
    return "layer \(layer), \(name): expected shape \(expected[name] ?? []), \(shape) came"
  }
}
