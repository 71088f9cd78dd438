/// The keys of `config.json` that say what an encoder of the BERT family is.
///
/// Property names are the file's own, hence their spelling; absent keys have the defaults of
/// `transformers`.
struct EncoderConfiguration: Decodable {
  var architectures: [String]?
  var model_type: String?
  var vocab_size: Int
  var hidden_size: Int
  var intermediate_size: Int
  var num_hidden_layers: Int
  var num_attention_heads: Int
  var max_position_embeddings: Int
  var type_vocab_size: Int?
  var layer_norm_eps: Double?
  var pad_token_id: Int?
  var hidden_act: String?
  var position_embedding_type: String?
  var is_decoder: Bool?
  var problem_type: String?
  var id2label: [String: String]?
}

extension EncoderConfiguration {
  /// Endings of the architectures whose tensors hold a whole encoder.
  private static let kinds = [
    "ForSequenceClassification", "ForMaskedLM", "ForPreTraining", "Model",
  ]

  /// The architectures that are read, for messages.
  static let known = EncoderFamily.allCases.map { "\($0.className)ForSequenceClassification" }

  /// The keys that tell one kind of model from another.
  private struct Kind: Decodable {
    var architectures: [String]?
    var model_type: String?
  }

  /// The family of a configuration.
  ///
  /// - Parameter path: The file.
  /// - Returns: The family, or `nil` when it is no encoder's that is read.
  /// - Throws: `FormatError` when it cannot be read.
  static func family(path: String) throws(FormatError) -> EncoderFamily? {
    let kind = try JSONFile.decode(Kind.self, from: path)
    guard let architecture = kind.architectures?.first else {
      return kind.model_type.flatMap(EncoderFamily.init)
    }
    return EncoderFamily.allCases.first { family in
      kinds.contains { "\(family.className)\($0)" == architecture }
    }
  }

  /// Names of the classes in their order.
  ///
  /// - Parameter path: The file, for messages.
  /// - Returns: None when the file does not say.
  /// - Throws: `FormatError` with code `malformed` when their numbers are not 0, 1 and so on.
  func labels(path: String) throws(FormatError) -> [String] {
    guard let id2label else { return [] }
    let labels = (0..<id2label.count).compactMap { id2label[String($0)] }
    guard labels.count == id2label.count, Set(labels).count == labels.count else {
      throw FormatError(
        .malformed,
        path: path,
        "id2label: expected the keys 0 to \(id2label.count - 1) with names that differ"
      )
    }
    return labels
  }
}

extension EncoderFamily {
  /// What the names of its classes in `transformers` begin with.
  var className: String { self == .bert ? "Bert" : "Roberta" }
}
