import DevFTTensor

/// Writes a model as a GGUF file that llama.cpp loads.
///
/// Norms and biases are float32. With 4-bit matrices the embedding and the head are Q8_0; a matrix
/// whose rows are no whole number of blocks is F16. Weights are read and written some rows at a time.
public struct GGUFModelWriter {
  private let weights: any ModelWeights
  private let file: any ModelFile
  private let type: StorageType

  /// Prepares to write a model.
  ///
  /// - Parameters:
  ///   - weights: The numbers, perhaps with fewer layers than the model file has.
  ///   - file: The model they come from, for metadata and tokenizer.
  ///   - type: What matrices are rounded to; one of `StorageType.written`.
  public init(_ weights: any ModelWeights, of file: any ModelFile, type: StorageType) {
    precondition(StorageType.written.contains(type), "\(type.rawValue) is not written")
    self.weights = weights
    self.file = file
    self.type = type
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - report: Called with the share that is done; what it throws ends the writing.
  /// - Throws: `FormatError`.
  public func write(to path: String, report: (Double) throws -> Void) throws {
    let architecture = weights.architecture
    let fields = try GGUFModelFields(file, architecture: architecture, matrices: type).fields()
    let tensors = architecture.orderedTensorShapes
    let factors = architecture.writtenFrequencyFactors
    var announced = tensors.map { tensor in
      GGUFWriter.Announcement(
        name: GGUFModelFile.fileName(of: tensor.name),
        shape: tensor.shape,
        type: type(of: tensor.name, tensor.shape)
      )
    }
    if let factors {
      announced.append(.init(name: "rope_freqs.weight", shape: [factors.count], type: .f32))
    }
    try AtomicFile.stream(to: path) { output in
      let stream = TensorStream(weights: weights, file: output)
      try GGUFWriter.write(fields, announced, to: output) { index in
        if index == tensors.count { return try output.write(StorageType.f32.encode(factors ?? [])) }
        try stream.append(
          tensors[index].name,
          shape: tensors[index].shape,
          as: announced[index].type,
          isInterleaved: architecture.isInterleavedInGGUF
            && ModelTensorName.isRotated(tensors[index].name)
        )
        try report(Double(index + 1) / Double(tensors.count))
      }
    }
  }

  private func type(of name: String, _ shape: [Int]) -> StorageType {
    guard shape.count == 2 else { return .f32 }
    let isOuter = name == ModelTensorName.embedding || name == ModelTensorName.head
    let wanted = isOuter && [.q4_0, .q4_1].contains(type) ? .q8_0 : type
    return shape[1] % wanted.blockLength == 0 ? wanted : .f16
  }
}
