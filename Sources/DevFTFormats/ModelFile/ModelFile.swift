public import DevFTTensor

/// What a model is built from, whichever container holds it.
///
/// Tensors go by Hugging Face's names for LLaMA, an encoder's layers too, and lie in its order: `model.embed_tokens.weight`,
/// `model.layers.3.self_attn.q_proj.weight`, `model.norm.weight`, `lm_head.weight`. A value of this
/// type holds every tensor that `architecture` announces, in the announced shape. Tensors that the
/// architecture does not announce (an output head that is tied anyway) are not there.
public protocol ModelFile: ModelWeights {
  /// The file or directory.
  var path: String { get }
  /// Where the tokenizer comes from.
  var tokenizerSource: TokenizerSource { get }

  /// Whether there is a tensor of this name.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: Whether it can be read.
  func hasTensor(_ name: String) -> Bool

  /// How the file stores the numbers of a tensor.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The type.
  /// - Throws: `FormatError` with code `missing`.
  func storageType(_ name: String) throws -> StorageType

  /// The rows of a matrix as the file keeps them.
  ///
  /// - Parameter name: Hugging Face's name.
  /// - Returns: The rows.
  /// - Throws: `FormatError` with code `missing`.
  /// - Precondition: The tensor is a matrix.
  func storedRows(_ name: String) throws -> StoredRows
}

extension ModelFile {
  /// Reads the tensors of one layer.
  ///
  /// - Parameter index: The layer, from 0.
  /// - Returns: The tensors by their names within the layer, such as `self_attn.q_proj.weight`.
  /// - Throws: `FormatError`.
  public func layer(_ index: Int) throws -> NamedTensors {
    var tensors = NamedTensors()
    for name in architecture.layerTensorShapes.keys {
      tensors[name] = try tensor(ModelTensorName.inLayer(index, name))
    }
    return tensors
  }
}
