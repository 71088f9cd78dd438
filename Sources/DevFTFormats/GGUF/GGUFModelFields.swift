/// The metadata of a GGUF file that a model is written to.
struct GGUFModelFields {
  private let file: any ModelFile
  private let architecture: ModelArchitecture
  private let matrices: StorageType

  /// Prepares the metadata.
  ///
  /// - Parameters:
  ///   - file: The model that the weights come from.
  ///   - architecture: What is written: the model's, or a submodel's with fewer layers.
  ///   - matrices: How most matrices are stored.
  init(_ file: any ModelFile, architecture: ModelArchitecture, matrices: StorageType) {
    self.file = file
    self.architecture = architecture
    self.matrices = matrices
  }

  /// The pairs: those of a GGUF file but for what changes, or made from a Hugging Face directory.
  ///
  /// - Returns: The pairs in the order in which they are written.
  /// - Throws: `FormatError`, as for a tokenizer that llama.cpp has no name for.
  func fields() throws -> [GGUFField] {
    let replaced = replacements
    let keys = Set(replaced.map(\.key))
    guard let source = file as? GGUFModelFile else {
      let tokenizer = try GGUFTokenizerFields(
        directory: file.path,
        vocabularySize: architecture.vocabularySize
      )
      let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
      return [
        .text("general.architecture", architecture.ggufFamily), .text("general.type", "model"),
      ]
        + [.text("general.name", name)] + sizes + replaced
        + (try tokenizer.fields())
    }
    let kept = source.fields.filter { field in
      !keys.contains(field.key) && field.key != "general.alignment"
        && !field.key.hasPrefix("split.")
    }
    return kept + replaced
  }

  private func key(_ name: String) -> String { "\(architecture.ggufFamily).\(name)" }

  /// What this program decides itself, whatever the source says.
  private var replacements: [GGUFField] {
    [
      .count(key("block_count"), architecture.layerCount),
      .count("general.file_type", matrices.ggufFileType),
      .count("general.quantization_version", 2),
    ]
  }

  private var sizes: [GGUFField] {
    var fields: [GGUFField] = [
      .count(key("vocab_size"), architecture.vocabularySize),
      .count(key("context_length"), architecture.contextLength),
      .count(key("embedding_length"), architecture.width),
      .count(key("feed_forward_length"), architecture.feedForwardWidth),
      .count(key("attention.head_count"), architecture.headCount),
      .count(key("attention.head_count_kv"), architecture.keyValueHeadCount),
      .count(key("attention.key_length"), architecture.headWidth),
      .count(key("attention.value_length"), architecture.headWidth),
      .count(key("rope.dimension_count"), architecture.headWidth),
      .real(key("rope.freq_base"), architecture.ropeBase),
      .real(key("attention.layer_norm_rms_epsilon"), architecture.normEpsilon),
    ]
    if case .linear(let factor) = architecture.ropeScaling {
      fields.append(.text(key("rope.scaling.type"), "linear"))
      fields.append(.real(key("rope.scaling.factor"), factor))
    }
    return fields
  }
}

extension ModelArchitecture {
  /// What `general.architecture` calls the family: Mistral's models go as LLaMA's.
  var ggufFamily: String { family == "mistral" ? "llama" : family }

  /// Whether the rows of query and key maps are kept in the order of interleaved rotary pairs.
  var isInterleavedInGGUF: Bool { ggufFamily == "llama" }
}

extension StorageType {
  /// What `general.file_type` calls a file whose matrices are mostly of this type.
  fileprivate var ggufFileType: Int {
    switch self {
    case .f32: 0
    case .f16: 1
    case .q4_0: 2
    case .q4_1: 3
    case .q8_0: 7
    case .q5_0: 8
    case .q5_1: 9
    case .q4_K: 15
    case .q6_K: 18
    case .bf16: 32
    }
  }
}
