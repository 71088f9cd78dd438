import DevFTFormats
import DevFTStages
import DevFTTensor

/// The layers of a model together with their adapter, read one tensor at a time.
struct AdaptedLayers: LayerSource {
  private let file: any ModelWeights
  private let adapter: [NamedTensors]
  private let shapes: [String: [Int]]
  let parameterNames: [String]

  /// Joins a model and an adapter.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - adapter: The adapter, one set a layer of the model.
  init(_ file: any ModelWeights, adapter: [NamedTensors]) {
    self.file = file
    self.adapter = adapter
    var shapes = file.architecture.layerTensorShapes
    for name in adapter.first?.names ?? [] { shapes[name] = adapter[0][name]?.shape }
    self.shapes = shapes
    parameterNames = shapes.keys.sorted()
  }

  var layerCount: Int { file.architecture.layerCount }

  func shape(of name: String) throws -> [Int] {
    guard let shape = shapes[name] else {
      throw StagesError(.missingParameter, "the layers have no parameter \(name)")
    }
    return shape
  }

  func parameter(_ name: String, layer: Int) throws -> Tensor {
    if let tensor = adapter[layer][name] { return tensor }
    return try file.tensor(ModelTensorName.inLayer(layer, name))
  }

  func rows(_ rows: Range<Int>, of name: String, layer: Int) throws -> Tensor {
    if let tensor = adapter[layer][name] { return tensor.rows(rows) }
    return try file.rows(rows, of: ModelTensorName.inLayer(layer, name))
  }
}
