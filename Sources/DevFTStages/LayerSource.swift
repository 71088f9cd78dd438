public import DevFTTensor

/// The layers of a model, read one parameter of one layer, or some rows of one, at a time.
///
/// Similarity and fusion pull what they need through this, so that a quantised model is never
/// expanded as a whole.
///
/// Laws: every layer has each of `parameterNames`; one name has one shape in all layers; the same
/// call gives the same numbers for as long as a stage is being built; rows of a matrix are those of
/// the whole matrix, bit for bit. Several threads read at once.
public protocol LayerSource: Sendable {
  /// Number of layers `L`, at least 1.
  var layerCount: Int { get }

  /// The names of one layer's parameters, ascending, each without a layer index.
  ///
  /// A name with `lora_` in it is a part of the adapter; of the others, tensors with two axes are
  /// weight matrices and tensors with one are norm gains or biases.
  var parameterNames: [String] { get }

  /// The shape that a parameter has in every layer; nothing is read.
  ///
  /// - Parameter name: One of `parameterNames`.
  /// - Returns: Length of each axis, outermost first.
  /// - Throws: When there is no such parameter.
  func shape(of name: String) throws -> [Int]

  /// Reads one parameter.
  ///
  /// - Parameters:
  ///   - name: One of `parameterNames`.
  ///   - layer: In `0 ..< layerCount`.
  /// - Returns: The numbers in float32, dequantised.
  /// - Throws: When the parameter is missing or cannot be read.
  func parameter(_ name: String, layer: Int) throws -> Tensor

  /// Reads some consecutive rows of a matrix.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis.
  ///   - name: One of `parameterNames`, of a parameter with at least two axes.
  ///   - layer: In `0 ..< layerCount`.
  /// - Returns: A matrix as many rows high, in float32, dequantised.
  /// - Throws: When the parameter is missing or cannot be read.
  /// - Precondition: The rows lie inside.
  func rows(_ rows: Range<Int>, of name: String, layer: Int) throws -> Tensor
}
