public import DevFTFormats
public import DevFTModel
public import DevFTTensor
public import DevFTTraining

/// A model file with its tokenizer and, of a decoder, chat template: what every command starts from.
public struct LoadedModel: Sendable {
  /// Path of the file or directory.
  public let path: String
  /// The weights.
  public let file: any ModelFile
  /// The tokenizer.
  public let tokenizer: Tokenizer
  /// Layout of conversations; `nil` for an encoder, which classifies texts.
  private let chatTemplate: ChatTemplate?

  /// Opens a model.
  ///
  /// - Parameters:
  ///   - model: A known name, or the path of a GGUF file or a Hugging Face directory.
  ///   - template: Layout of conversations; `nil` for the model's own.
  ///   - allowsEncoder: Whether the model may be an encoder; not by default.
  /// - Throws: `RunError` or `FormatError` when something is missing or broken.
  public init(
    _ model: String,
    template: ChatTemplate.Format? = nil,
    allowsEncoder: Bool = false
  ) throws {
    path = try KnownModel.path(of: model)
    file = try openModelFile(at: path)
    tokenizer = try Tokenizer(file.tokenizerSource, path: path)
    if let encoder = file.architecture.encoder {
      guard allowsEncoder else {
        throw RunError(
          .unsupported,
          "\(path): expected a decoder, got an encoder (\(encoder.family)), which classifies texts and "
            + "writes none"
        )
      }
      chatTemplate = nil
    } else if let template {
      chatTemplate = ChatTemplate(template)
    } else if let own = try ChatTemplate.recognise(in: file.tokenizerSource) {
      chatTemplate = own
    } else {
      let names = ChatTemplate.Format.allCases.map(\.rawValue).joined(separator: ", ")
      throw FormatError(
        .unsupported,
        path: path,
        "the model's chat template is missing or none of the known ones; choose one of \(names)"
      )
    }
  }

  /// Layout of conversations.
  ///
  /// - Precondition: The model is a decoder.
  public var template: ChatTemplate {
    guard let chatTemplate else { preconditionFailure("an encoder has no chat template") }
    return chatTemplate
  }

  /// Tokens that end an answer.
  public var stopTokens: Set<Int32> {
    let answerEnd = try? tokenizer.id(of: template.answerEnd)
    return Set([answerEnd, tokenizer.eosID].compactMap(\.self).map(Int32.init))
  }

  /// An encoder with this model's tokenizer and template.
  ///
  /// - Parameters:
  ///   - maximumLength: Most tokens of a sequence.
  ///   - overLong: What becomes of a longer example.
  /// - Returns: The encoder.
  public func encoder(
    maximumLength: Int,
    overLong: ExampleEncoder.OverLong
  ) -> ExampleEncoder {
    ExampleEncoder(
      template: template,
      tokenizer: tokenizer,
      maximumLength: maximumLength,
      overLong: overLong,
      vocabularySize: file.architecture.vocabularySize
    )
  }

  /// Checks that sequences of a length fit the model.
  ///
  /// - Parameters:
  ///   - length: Most tokens of a sequence.
  ///   - key: What the user calls it.
  /// - Throws: `RunError` with code `unsupported`.
  public func check(length: Int, key: String) throws(RunError) {
    let context = file.architecture.contextLength
    guard length <= context else {
      throw RunError(
        .unsupported,
        "\(key): expected at most \(context), the model's context, got \(length)"
      )
    }
  }

  /// The length that the user asked for, or a usual one as far as the model's context goes.
  ///
  /// - Parameters:
  ///   - length: Most tokens of a sequence, or `nil`.
  ///   - standard: Length without a wish.
  ///   - key: What the user calls it.
  /// - Returns: A length that fits the model.
  /// - Throws: `RunError` with code `unsupported` when the wish does not fit.
  public func length(_ length: Int?, standard: Int, key: String) throws(RunError) -> Int {
    guard let length else { return min(standard, file.architecture.contextLength) }
    try check(length: length, key: key)
    return length
  }

  /// The whole model, ready to run.
  ///
  /// - Parameters:
  ///   - precision: Type of the products.
  ///   - maximumLength: Longest sequence that will be run, in tokens.
  ///   - weights: How the matrices are kept; expanded by default.
  /// - Returns: The decoder.
  /// - Throws: `FormatError` when a tensor cannot be read.
  public func decoder(
    precision: Precision,
    maximumLength: Int,
    weights: WeightStorage = .expanded
  ) throws -> Decoder {
    try Decoder(file, precision: precision, maximumLength: maximumLength, weights: weights)
  }
}
