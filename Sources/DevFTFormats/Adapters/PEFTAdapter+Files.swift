public import DevFTTensor
public import Foundation

extension PEFTAdapter {
  private static let modelPrefix = "base_model.model."

  /// What the names of a layer's tensors begin with.
  private static func layerPrefix(_ encoder: EncoderFamily?) -> String {
    modelPrefix + (encoder.map { "\($0.rawValue).encoder.layer." } ?? "model.layers.")
  }

  /// Reads an adapter's directory.
  ///
  /// - Parameter directory: Holds `adapter_config.json` and `adapter_model.safetensors`.
  /// - Throws: `FormatError`; with code `unsupported` for every kind of adapter but plain LoRA.
  public init(directory: String) throws {
    guard FileManager.default.fileExists(atPath: directory) else {
      throw FormatError(.missing, path: directory, "there is no such adapter")
    }
    let configurationPath = "\(directory)/\(PEFTAdapter.configurationFileName)"
    let configuration = try LoRAConfiguration(
      json: MappedFile.contents(of: configurationPath),
      path: configurationPath
    )
    let weights = try SafetensorsFile(path: "\(directory)/\(PEFTAdapter.weightsFileName)")
    try self.init(configuration: configuration, weights: weights)
  }

  /// Reads the two files of an adapter from memory.
  ///
  /// - Parameters:
  ///   - configuration: Contents of `adapter_config.json`.
  ///   - weights: Contents of `adapter_model.safetensors`.
  /// - Throws: `FormatError`; with code `unsupported` for every kind of adapter but plain LoRA.
  public init(configuration: Data, weights: Data) throws {
    try self.init(
      configuration: LoRAConfiguration(json: configuration, path: nil),
      weights: SafetensorsFile(contents: weights)
    )
  }

  private init(configuration: LoRAConfiguration, weights: SafetensorsFile) throws {
    var (configuration, tensors) = (configuration, try weights.tensors())
    var head = NamedTensors()
    if configuration.encoder != nil {
      configuration.encoder = EncoderFamily.allCases.first { family in
        tensors.names.contains { $0.hasPrefix(PEFTAdapter.layerPrefix(family)) }
      }
      head = PEFTAdapter.takeHead(from: &tensors)
    }
    let layers = try PEFTAdapter.layers(
      of: tensors,
      encoder: configuration.encoder,
      path: weights.path
    )
    do {
      try self.init(configuration: configuration, layers: layers, head: head)
    } catch let error as FormatError {
      throw FormatError(error.code, path: weights.path, error.message)
    }
  }

  /// The tensors under PEFT's full names.
  public var tensors: NamedTensors {
    var tensors = NamedTensors()
    let prefix = PEFTAdapter.layerPrefix(configuration.encoder)
    for (index, layer) in layers.enumerated() {
      for name in layer.names {
        let file = configuration.encoder == nil ? name : EncoderFamily.fileName(inLayer: name)
        tensors["\(prefix)\(index).\(file)"] = layer[name]
      }
    }
    for name in head.names { tensors[PEFTAdapter.modelPrefix + name] = head[name] }
    return tensors
  }

  /// Contents of the two files; equal adapters give equal bytes.
  ///
  /// - Returns: What belongs in `adapter_config.json` and `adapter_model.safetensors`.
  /// - Throws: Whatever the JSON encoder throws.
  public func encoded() throws -> (configuration: Data, weights: Data) {
    let weights = SafetensorsWriter.encode(tensors, metadata: ["format": "pt"])
    return (try configuration.json(layerCount: layers.count), weights)
  }

  /// Writes an adapter's directory, both files or none.
  ///
  /// - Parameter directory: Made when absent; other files in it stay.
  /// - Throws: `FormatError` with code `unwritable`.
  public func write(to directory: String) throws {
    let files = try encoded()
    try AtomicDirectory.write(
      [
        (PEFTAdapter.weightsFileName, files.weights),
        (PEFTAdapter.configurationFileName, files.configuration),
      ],
      to: directory
    )
  }

  /// Writes both files into a directory that is still without them.
  ///
  /// - Parameter directory: An empty directory; what is in it after a failure is worth nothing.
  /// - Throws: `FormatError` with code `unwritable`.
  public func write(into directory: String) throws {
    let files = try encoded()
    for (name, contents) in [
      (PEFTAdapter.weightsFileName, files.weights),
      (PEFTAdapter.configurationFileName, files.configuration),
    ] {
      try OutputFile.write("\(directory)/\(name)") { try $0.write(contents) }
    }
  }

  /// Takes the tensors of a head out of those with PEFT's full names.
  private static func takeHead(from tensors: inout NamedTensors) -> NamedTensors {
    var head = NamedTensors()
    for name in tensors.names where name.hasPrefix("\(modelPrefix)\(PEFTConfiguration.head).") {
      head[String(name.dropFirst(modelPrefix.count))] = tensors.remove(name)
    }
    return head
  }

  /// Sorts tensors with PEFT's full names into layers without gaps.
  private static func layers(
    of tensors: NamedTensors,
    encoder: EncoderFamily?,
    path: String?
  ) throws -> [NamedTensors] {
    let prefix = layerPrefix(encoder)
    var layers: [Int: NamedTensors] = [:]
    for name in tensors.names {
      let parts = name.dropFirst(prefix.count).split(separator: ".", maxSplits: 1)
      guard name.hasPrefix(prefix), parts.count == 2, let index = Int(parts[0]), index >= 0,
        String(index) == parts[0]
      else {
        throw FormatError(.unsupported, path: path, "tensor \(name) is none of an adapted layer")
      }
      let spelling = String(parts[1])
      let own = encoder == nil ? spelling : EncoderFamily.name(inLayer: spelling) ?? spelling
      layers[index, default: NamedTensors()][own] = tensors[name]
    }
    return try (0..<layers.count).map { index in
      guard let layer = layers[index] else {
        throw FormatError(
          .missing,
          path: path,
          "layer \(index) has no tensors, but \(layers.count) layers do"
        )
      }
      return layer
    }
  }
}
