import DevFTFormats
import DevFTStages
import DevFTTensor

/// The layers of a model file together with their adapter, read one tensor at a time.
struct AdaptedLayers: LayerSource {
  private let file: any ModelFile
  private let adapter: [NamedTensors]
  let parameterNames: [String]

  /// Joins a model and an adapter.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - adapter: The adapter, one set a layer of the model.
  init(_ file: any ModelFile, adapter: [NamedTensors]) {
    self.file = file
    self.adapter = adapter
    let base = file.architecture.layerTensorShapes.keys
    parameterNames = (base + (adapter.first?.names ?? [])).sorted()
  }

  var layerCount: Int { file.architecture.layerCount }

  func parameter(_ name: String, layer: Int) throws -> Tensor {
    if let tensor = adapter[layer][name] { return tensor }
    return try file.tensor(ModelTensorName.inLayer(layer, name))
  }
}
