import DevFTFormats
import DevFTStages
import DevFTTensor

/// The layers of a model together with their adapter, read one tensor at a time.
struct AdaptedLayers: LayerSource {
  private let file: any ModelWeights
  private let adapter: [NamedTensors]
  private let merged: MergedFactors
  private let shapes: [String: [Int]]
  let parameterNames: [String]

  /// Joins a model and an adapter.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - adapter: The adapter, one set a layer of the model.
  ///   - merged: What has been merged into the weights; nothing by default.
  init(_ file: any ModelWeights, adapter: [NamedTensors], merged: MergedFactors = .none) {
    self.file = file
    self.adapter = adapter
    self.merged = merged
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
    var tensor = try file.tensor(ModelTensorName.inLayer(layer, name))
    merged.add(to: &tensor, of: name, layer: layer)
    return tensor
  }

  func rows(_ rows: Range<Int>, of name: String, layer: Int) throws -> Tensor {
    if let tensor = adapter[layer][name] { return tensor.rows(rows) }
    var tensor = try file.rows(rows, of: ModelTensorName.inLayer(layer, name))
    merged.add(to: &tensor, rows: rows, of: name, layer: layer)
    return tensor
  }
}
