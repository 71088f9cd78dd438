import Foundation

/// Writes a model as a Hugging Face directory: weights, configuration and tokenizer.
///
/// Weights are read and written some rows at a time, so that a model far larger than memory can be
/// written.
public struct HuggingFaceWriter {
  private let weights: any ModelWeights
  private let file: any ModelFile
  private let type: StorageType
  /// Most bytes of tensors in one file, unless one tensor is larger.
  private let shardByteCount: Int

  /// Prepares to write a model.
  ///
  /// - Parameters:
  ///   - weights: The numbers, perhaps with fewer layers than the model file has.
  ///   - file: The model they come from, for configuration and tokenizer.
  ///   - type: F32, F16 or BF16.
  ///   - shardByteCount: Most bytes of tensors in one file; 5 GB by default.
  public init(
    _ weights: any ModelWeights,
    of file: any ModelFile,
    type: StorageType,
    shardByteCount: Int = 5_000_000_000
  ) {
    precondition(type.blockLength == 1, "\(type.rawValue) in a safetensors file")
    self.weights = weights
    self.file = file
    self.type = type
    self.shardByteCount = shardByteCount
  }

  /// Writes the files.
  ///
  /// - Parameters:
  ///   - directory: An empty directory; what is in it after a failure is worth nothing.
  ///   - report: Called with the share that is done; what it throws ends the writing.
  /// - Throws: `FormatError`.
  public func write(into directory: String, report: (Double) throws -> Void) throws {
    for (name, contents) in try companions() {
      try OutputFile.write("\(directory)/\(name)") { try $0.write(contents) }
    }
    let shards = shards()
    let total = shards.joined().reduce(0) { $0 + $1.byteCount }
    var done = 0
    for (index, shard) in shards.enumerated() {
      try OutputFile.write("\(directory)/\(name(ofShard: index, of: shards.count))") { file in
        let stream = TensorStream(weights: weights, file: file)
        try SafetensorsStream.write(shard, to: file) { tensor in
          try stream.append(tensor.name, shape: tensor.shape, as: type)
          done += tensor.byteCount
          try report(Double(done) / Double(total))
        }
      }
    }
    guard shards.count > 1 else { return }
    let index = index(shards, byteCount: total)
    try OutputFile.write("\(directory)/model.safetensors.index.json") {
      try $0.write(Data(index.indented.utf8))
    }
  }

  /// Tensors in the order of the model, cut where a file is full.
  private func shards() -> [[SafetensorsStream.Announcement]] {
    var shards: [[SafetensorsStream.Announcement]] = [[]]
    var byteCount = 0
    for (name, shape) in weights.architecture.orderedTensorShapes {
      let tensor = SafetensorsStream.Announcement(name: name, shape: shape, type: type)
      if byteCount + tensor.byteCount > shardByteCount, byteCount > 0 {
        shards.append([])
        byteCount = 0
      }
      shards[shards.count - 1].append(tensor)
      byteCount += tensor.byteCount
    }
    return shards
  }

  private func name(ofShard index: Int, of count: Int) -> String {
    guard count > 1 else { return "model.safetensors" }
    return String(format: "model-%05d-of-%05d.safetensors", index + 1, count)
  }

  private func index(
    _ shards: [[SafetensorsStream.Announcement]],
    byteCount: Int
  ) -> JSONValue {
    let places = shards.enumerated().flatMap { index, shard in
      let name = name(ofShard: index, of: shards.count)
      return shard.map { JSONValue.Member($0.name, .string(name)) }
    }
    return ["metadata": ["total_size": .optional(byteCount)], "weight_map": .object(places)]
  }

  /// Everything but the weights, by file name.
  private func companions() throws -> [(name: String, contents: Data)] {
    let companions = HuggingFaceCompanions(file, architecture: weights.architecture, type: type)
    return try companions.files()
  }
}

extension ModelArchitecture {
  /// Names and shapes of all tensors: embedding, layers from the lowest, norm, head.
  package var orderedTensorShapes: [(name: String, shape: [Int])] {
    var ordered = [ModelTensorName.embedding].compactMap { name in
      outerTensorShapes[name].map { (name, $0) }
    }
    let layer = layerTensorShapes.sorted { $0.key < $1.key }
    for index in 0..<layerCount {
      ordered += layer.map { (ModelTensorName.inLayer(index, $0.key), $0.value) }
    }
    for name in [ModelTensorName.finalNorm, ModelTensorName.head] {
      if let shape = outerTensorShapes[name] { ordered.append((name, shape)) }
    }
    return ordered
  }
}
