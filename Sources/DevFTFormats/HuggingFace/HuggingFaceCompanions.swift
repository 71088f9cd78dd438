import Foundation

/// The files of a Hugging Face directory beside the weights: copied from one, or made from a GGUF file.
struct HuggingFaceCompanions {
  /// Tokenizer files that are copied as they are.
  private static let copied = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json",
    "generation_config.json",
  ]

  private let file: any ModelFile
  private let architecture: ModelArchitecture
  private let type: StorageType

  /// Prepares the files.
  ///
  /// - Parameters:
  ///   - file: The model that the weights come from.
  ///   - architecture: What is written: the model's, or a submodel's with fewer layers.
  ///   - type: How the weights are stored.
  init(_ file: any ModelFile, architecture: ModelArchitecture, type: StorageType) {
    self.file = file
    self.architecture = architecture
    self.type = type
  }

  /// Makes or reads the files.
  ///
  /// - Returns: Name and contents of each.
  /// - Throws: `FormatError`.
  func files() throws -> [(name: String, contents: Data)] {
    switch file.tokenizerSource {
    case .directory(let directory): try copies(of: directory)
    case .gguf(let metadata): try made(from: metadata)
    }
  }

  private func copies(of directory: String) throws -> [(name: String, contents: Data)] {
    var files = [
      ("config.json", json(adapted(try .object(contentsOf: "\(directory)/config.json"))))
    ]
    for name in Self.copied where FileManager.default.fileExists(atPath: "\(directory)/\(name)") {
      files.append((name, try MappedFile.contents(of: "\(directory)/\(name)")))
    }
    return files
  }

  private func made(
    from metadata: [String: GGUFValue]
  ) throws -> [(name: String, contents: Data)] {
    let tokenizer = try Tokenizer(metadata: metadata, path: file.path)
    let values = TokenizerMetadata(values: metadata, path: file.path)
    let ids = [
      ("bos_token_id", tokenizer.bosID), ("eos_token_id", tokenizer.eosID),
      ("pad_token_id", tokenizer.padID),
    ]
    let generation = ids.map { JSONValue.Member($0, .optional($1)) }
    let configuration = try architecture.configuration(tokenizer: tokenizer, path: file.path)
    let tokens = TokenizerJSON(tokenizer, values, contextLength: architecture.contextLength)
    return [
      ("config.json", json(adapted(configuration))),
      ("generation_config.json", json(.object(generation.filter { $0.value != .null }))),
      ("tokenizer.json", json(try tokens.contents())),
      ("tokenizer_config.json", json(tokens.configuration())),
    ]
  }

  /// Depth and type of what is written, in the model's own words for the rest.
  private func adapted(_ configuration: JSONValue) -> JSONValue {
    var json = configuration
    json.set("num_hidden_layers", .optional(architecture.layerCount))
    if let kinds = json["layer_types"]?.elements {
      json.set("layer_types", .array(Array(kinds.prefix(architecture.layerCount))))
    }
    // The older name, which every version reads.
    json.set("dtype", nil)
    json.set("torch_dtype", .string(Self.typeNames[type] ?? "float32"))
    return json
  }

  private static let typeNames: [StorageType: String] = [
    .f32: "float32", .f16: "float16", .bf16: "bfloat16",
  ]

  private func json(_ value: JSONValue) -> Data { Data(value.indented.utf8) }
}
