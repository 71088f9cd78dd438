import DevFTTensor

/// Writes an adapter as a GGUF file that llama.cpp loads beside its model (`--lora`).
///
/// - SeeAlso: `convert_lora_to_gguf.py` of <https://github.com/ggml-org/llama.cpp>.
public enum LoRAGGUFWriter {
  /// Writes the file, whole or not at all.
  ///
  /// - Parameters:
  ///   - adapter: An adapter.
  ///   - architecture: The model.
  ///   - type: F32, F16 or BF16.
  ///   - path: The file.
  /// - Throws: `FormatError` that names the first tensor that does not fit, or of code `unwritable`.
  public static func write(
    _ adapter: PEFTAdapter,
    for architecture: ModelArchitecture,
    type: StorageType,
    to path: String
  ) throws {
    precondition(type.blockLength == 1, "\(type.rawValue) for the narrow matrices of an adapter")
    try adapter.check(fits: architecture)
    try adapter.checkFinite()
    let tensors = tensors(of: adapter, for: architecture)
    try AtomicFile.stream(to: path) { file in
      try GGUFWriter.write(
        fields(of: adapter.configuration, architecture),
        tensors.map { .init(name: $0.name, shape: $0.tensor.shape, type: type) },
        to: file
      ) { index in
        let numbers = tensors[index].tensor.elements
        guard type.holds(numbers) else {
          throw FormatError(
            .unsupported,
            "tensor \(tensors[index].name): a number is too large for \(type.rawValue)"
          )
        }
        try file.write(type.encode(numbers))
      }
    }
  }

  private static func fields(
    of configuration: LoRAConfiguration,
    _ architecture: ModelArchitecture
  ) -> [GGUFField] {
    [
      .text("general.architecture", architecture.ggufFamily), .text("general.type", "adapter"),
      .text("adapter.type", "lora"),
      // The reader divides by the rank, whatever the scale was made of.
      .real("adapter.lora.alpha", configuration.scale * Double(configuration.rank)),
    ]
  }

  private static func tensors(
    of adapter: PEFTAdapter,
    for architecture: ModelArchitecture
  ) -> [(name: String, tensor: Tensor)] {
    adapter.layers.enumerated().flatMap { index, layer in
      adapter.configuration.targets.flatMap { projection -> [(name: String, tensor: Tensor)] in
        guard let down = layer[projection.loraAName], var up = layer[projection.loraBName] else {
          return []
        }
        let name = ModelTensorName.inLayer(index, projection.weightName)
        if architecture.isInterleavedInGGUF, ModelTensorName.isRotated(name) {
          up = up.interleavedHeads(ofWidth: architecture.headWidth)
        }
        let fileName = GGUFModelFile.fileName(of: name)
        return [("\(fileName).lora_a", down), ("\(fileName).lora_b", up)]
      }
    }
  }
}
