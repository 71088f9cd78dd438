public import DevFTTensor

/// The numbers of a model, read one tensor, or some rows of one, at a time.
///
/// Tensors go by Hugging Face's names and lie in its order. A model file is one; so are a file with an
/// adapter merged into it and a stage's submodel, which are never in memory as a whole.
///
/// Laws: every tensor that `architecture` announces is there in the announced shape; rows are those of
/// the whole tensor.
public protocol ModelWeights: Sendable {
  /// Sizes and constants.
  var architecture: ModelArchitecture { get }

  /// Reads a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The tensor, float32.
  /// - Throws: When it is missing or cannot be read.
  func tensor(_ name: String) throws -> Tensor

  /// Reads some consecutive rows of a matrix.
  ///
  /// - Parameters:
  ///   - rows: Range along the first axis.
  ///   - name: Hugging Face's name.
  /// - Returns: A matrix as many rows high, float32.
  /// - Throws: When it is missing or cannot be read.
  /// - Precondition: The tensor is a matrix, and the rows lie inside.
  func rows(_ rows: Range<Int>, of name: String) throws -> Tensor
}
