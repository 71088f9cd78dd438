public import DevFTTensor

/// A LoRA adapter: one low-rank pair for each target of each layer, and of an encoder its trained head.
///
/// Each layer's tensors are `self_attn.q_proj.lora_A.weight` `[R, in]`,
/// `self_attn.q_proj.lora_B.weight` `[out, R]` and so on, for every target of the configuration
/// and nothing else. On disk an adapter is a directory in PEFT's layout, which PEFT, vLLM and others
/// load.
///
/// ```swift
/// let adapter = try PEFTAdapter(directory: "run/adapter")
/// try adapter.write(to: "copy")
/// ```
public struct PEFTAdapter: Equatable, Sendable {
  /// Targets, rank and scale.
  public let configuration: LoRAConfiguration
  /// The tensors of each layer, lowest layer first.
  public let layers: [NamedTensors]
  /// The trained head of an encoder, such as `classifier.weight`, `[labels, D]`; empty for a decoder.
  public let head: NamedTensors

  /// Name of the file that describes an adapter.
  public static let configurationFileName = "adapter_config.json"
  /// Name of the file with an adapter's tensors.
  public static let weightsFileName = "adapter_model.safetensors"

  /// Collects an adapter.
  ///
  /// - Parameters:
  ///   - configuration: Targets, rank and scale.
  ///   - layers: The tensors of each layer, lowest layer first.
  ///   - head: The trained head of an encoder; empty by default.
  /// - Throws: `FormatError` with code `missing` or `malformed` when a layer does not hold exactly the
  ///   pairs of the configuration, in one shape for all layers, or when the head is not the family's.
  public init(
    configuration: LoRAConfiguration,
    layers: [NamedTensors],
    head: NamedTensors = NamedTensors()
  ) throws {
    self.configuration = configuration
    self.layers = layers
    self.head = head
    try checkLayers()
    try checkHead()
  }

  /// Checks that the adapter belongs to a model.
  ///
  /// - Parameter architecture: The model.
  /// - Throws: `FormatError` with code `malformed` that names the tensor and both shapes.
  public func check(fits architecture: ModelArchitecture) throws {
    guard layers.count == architecture.layerCount else {
      let first = ModelTensorName.inLayer(
        min(layers.count, architecture.layerCount),
        configuration.targets[0].loraAName
      )
      let difference =
        layers.count > architecture.layerCount
        ? "tensor \(first) has no place in the model" : "there is no tensor \(first)"
      throw FormatError(
        .malformed,
        "the adapter has \(layers.count) layers, the model \(architecture.layerCount) layers: "
          + difference
      )
    }
    for projection in configuration.targets {
      let rank = configuration.rank
      let input = projection.inputWidth(in: architecture)
      try demand(projection.loraAName, [rank, input])
      try demand(projection.loraBName, [projection.outputWidth(in: architecture), rank])
    }
  }

  /// All layers have one shape, so the first speaks for them.
  private func demand(_ name: String, _ expected: [Int]) throws {
    guard let shape = layers.first?[name]?.shape, shape != expected else { return }
    throw FormatError(
      .malformed,
      "tensor \(name) of the adapter has the shape \(shape), the model needs \(expected)"
    )
  }

  private func checkLayers() throws {
    guard !layers.isEmpty else { throw FormatError(.missing, "the adapter has no layers") }
    var shapes: [String: [Int]] = [:]
    for (index, layer) in layers.enumerated() {
      for projection in configuration.targets {
        for (name, rankAxis) in [(projection.loraAName, 0), (projection.loraBName, 1)] {
          guard let shape = layer[name]?.shape else {
            throw FormatError(.missing, "layer \(index) of the adapter has no tensor \(name)")
          }
          guard shape.count == 2, shape[rankAxis] == configuration.rank,
            shapes.updateValue(shape, forKey: name) ?? shape == shape
          else {
            throw FormatError(
              .malformed,
              "tensor \(name) of layer \(index) has the shape \(shape), "
                + "which does not suit rank \(configuration.rank) and the other layers"
            )
          }
        }
      }
      let names = Set(configuration.targets.flatMap { [$0.loraAName, $0.loraBName] })
      if let other = layer.names.first(where: { !names.contains($0) }) {
        let targets = configuration.targets.map(\.rawValue).joined(separator: ", ")
        throw FormatError(
          .malformed,
          "layer \(index) of the adapter holds tensor \(other), expected those of its targets "
            + "(\(targets)) alone"
        )
      }
    }
  }
}
