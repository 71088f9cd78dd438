import Foundation

extension Tokenizer {
  /// Reads the tokenizer of a Hugging Face model directory.
  ///
  /// Special tokens come from `tokenizer_config.json`, or else from `config.json`.
  ///
  /// - Parameter directory: Holds `tokenizer.json`.
  /// - Throws: `FormatError` naming the file: `unreadable`, `truncated`, `malformed`, or
  ///   `unsupported` for tokenizers of another kind.
  public init(directory: String) throws {
    let path = directory + "/tokenizer.json"
    let configuration = try TokenizerConfiguration(directory: directory)
    try self.init(json: try JSONValue.bytes(of: path), configuration: configuration, path: path)
    let modelPath = directory + "/config.json"
    guard FileManager.default.fileExists(atPath: modelPath) else { return }
    let model = try JSONValue.object(contentsOf: modelPath)
    bosID = bosID ?? knownID(model["bos_token_id"])
    eosID = eosID ?? knownID(model["eos_token_id"])
    padID = padID ?? knownID(model["pad_token_id"])
  }

  /// Reads the contents of a `tokenizer.json`.
  ///
  /// - Parameters:
  ///   - json: The bytes of the file.
  ///   - configuration: Names the special tokens.
  ///   - path: The file they came from, for messages.
  /// - Throws: `FormatError`: `truncated`, `malformed`, or `unsupported` for tokenizers of another
  ///   kind.
  public init(
    json: [UInt8],
    configuration: TokenizerConfiguration = TokenizerConfiguration(),
    path: String? = nil
  ) throws {
    let file = TokenizerFile(json: try JSONValue.object(json, path: path), path: path)
    let normalizer = try file.normalizer()
    let (preTokenizer, isByteLevel) = try file.preTokenizer()
    let added = try file.addedTokens()
    let addedTokens = AddedTokens(added, normalizer: normalizer)
    self.init(
      model: try file.model(
        isByteLevel: isByteLevel,
        added: added,
        special: addedTokens.specialIDs
      ),
      normalizer: normalizer,
      preTokenizer: preTokenizer,
      addedTokens: addedTokens,
      stripsPrefixSpace: !isByteLevel
        && (normalizer.takesPrefix || preTokenizer.takesMetaspacePrefix)
    )
    bosID = configuration.bosToken.flatMap(tokenID)
    eosID = configuration.eosToken.flatMap(tokenID)
    padID = configuration.padToken.flatMap(tokenID)
    addsBOS = configuration.addsBOS ?? file.addsLeadingSpecialToken
    classifierLayout = try file.classifierLayout(tokenID)
  }

  /// An identifier, or the first of several, if the vocabulary has it.
  private func knownID(_ value: JSONValue?) -> Int? {
    guard let id = value?.integer ?? value?.elements?.first?.integer else { return nil }
    return id >= 0 && id < vocabularySize ? id : nil
  }
}
