public import DevFTTensor

/// The layers of a model, read one parameter of one layer at a time.
///
/// Similarity and fusion pull what they need through this, so that a quantised model is never
/// expanded as a whole.
///
/// Laws: every layer has each of `parameterNames`; one name has one shape in all layers; the same
/// call gives the same numbers for as long as a stage is being built.
public protocol LayerSource {
  /// Number of layers `L`, at least 1.
  var layerCount: Int { get }

  /// The names of one layer's parameters, ascending, each without a layer index.
  ///
  /// A name with `lora_` in it is a part of the adapter; of the others, tensors with two axes are
  /// weight matrices and tensors with one are norm gains or biases.
  var parameterNames: [String] { get }

  /// Reads one parameter.
  ///
  /// - Parameters:
  ///   - name: One of `parameterNames`.
  ///   - layer: In `0 ..< layerCount`.
  /// - Returns: The numbers in float32, dequantised.
  /// - Throws: When the parameter is missing or cannot be read.
  func parameter(_ name: String, layer: Int) throws -> Tensor
}

extension LayerSource {
  /// Reads one parameter and checks it against the shape it has in another layer.
  func parameter(_ name: String, layer: Int, shape: [Int]) throws -> Tensor {
    let tensor = try parameter(name, layer: layer)
    guard tensor.shape == shape else {
      let came = "expected shape \(shape), got \(tensor.shape)"
      throw StagesError(.layersDiffer, "parameter \(name) of layer \(layer): \(came)")
    }
    return tensor
  }
}
