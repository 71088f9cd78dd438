import DevFTTensor

/// Writes a model as a GGUF file that llama.cpp loads.
///
/// Norms and biases are float32. With 4-bit matrices the embedding and the head are Q8_0; a matrix
/// whose rows are no whole number of blocks is F16. Weights are read and written some rows at a time.
public struct GGUFModelWriter {
  private let weights: any ModelWeights
  private let file: any ModelFile
  private let type: StorageType
  /// Tensor of the model file that one is a copy of, where some are to be copied.
  private let source: ((_ name: String) -> String?)?

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
    source = nil
  }

  /// Prepares to write a model of which some tensors are copies of the model file's: those are stored as they
  /// are there, bit for bit.
  ///
  /// - Parameters:
  ///   - weights: The numbers, perhaps with fewer layers than the model file has.
  ///   - file: The model they come from, for metadata, tokenizer and copies.
  ///   - type: What the other matrices are rounded to, F32 where their rows are no whole number of blocks.
  ///   - source: Tensor of the model file that a tensor is a copy of, or `nil`.
  public init(
    _ weights: any ModelWeights,
    of file: any ModelFile,
    type: StorageType,
    copying source: @escaping (_ name: String) -> String?
  ) {
    self.weights = weights
    self.file = file
    self.type = type
    self.source = source
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
    var announced = try tensors.map { tensor in
      GGUFWriter.Announcement(
        name: GGUFModelFile.fileName(of: tensor.name),
        shape: tensor.shape,
        type: try type(of: tensor.name, tensor.shape)
      )
    }
    if let factors {
      announced.append(.init(name: "rope_freqs.weight", shape: [factors.count], type: .f32))
    }
    try AtomicFile.stream(to: path) { output in
      let stream = TensorStream(weights: weights, file: output)
      let copies = TensorStream(weights: file, file: output)
      try GGUFWriter.write(fields, announced, to: output) { index in
        if index == tensors.count { return try output.write(StorageType.f32.encode(factors ?? [])) }
        let (name, type) = (tensors[index].name, announced[index].type)
        let copied = source?(name)
        if let copied, type.blockLength > 1, let file = file as? GGUFModelFile {
          try output.write(file.storedBytes(copied))
        } else {
          try (copied == nil ? stream : copies).append(
            copied ?? name,
            shape: tensors[index].shape,
            as: type,
            isInterleaved: architecture.isInterleavedInGGUF && ModelTensorName.isRotated(name)
          )
        }
        try report(Double(index + 1) / Double(tensors.count))
      }
    }
  }

  private func type(of name: String, _ shape: [Int]) throws -> StorageType {
    guard shape.count == 2 else { return .f32 }
    if let source {
      if let copied = source(name) { return try file.storageType(copied) }
      return shape[1] % type.blockLength == 0 ? type : .f32
    }
    let isOuter = name == ModelTensorName.embedding || name == ModelTensorName.head
    let wanted = isOuter && [.q4_0, .q4_1].contains(type) ? .q8_0 : type
    return shape[1] % wanted.blockLength == 0 ? wanted : .f16
  }
}
