/// The `tokenizer.*` keys of a GGUF file.
///
/// - SeeAlso: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
struct TokenizerMetadata {
  /// What `tokenizer.ggml.token_type` calls the tokens.
  enum TokenType: Int {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// All metadata of the file.
  let values: [String: GGUFValue]
  /// The file, for messages.
  let path: String?

  func malformed(_ message: String) -> FormatError { FormatError(.malformed, path: path, message) }

  /// Reads a string.
  ///
  /// - Parameter key: The key.
  /// - Returns: The string, or `nil` when the key is not there.
  func text(_ key: String) -> String? {
    if case .text(let text)? = values[key] { text } else { nil }
  }

  /// Reads a Boolean.
  ///
  /// - Parameter key: The key.
  /// - Returns: The Boolean, or `nil` when the key is not there.
  func boolean(_ key: String) -> Bool? {
    if case .boolean(let flag)? = values[key] { flag } else { nil }
  }

  /// Reads the strings of an array.
  ///
  /// - Parameter key: The key.
  /// - Returns: The strings.
  /// - Throws: `FormatError` with code `missing` or `malformed`.
  func texts(_ key: String) throws(FormatError) -> [String] {
    guard case .array(let elements)? = values[key] else {
      throw FormatError(.missing, path: path, "expected the array \(key)")
    }
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for element in elements {
      guard case .text(let text) = element else { throw malformed("\(key): expected strings") }
      texts.append(text)
    }
    return texts
  }

  /// Reads the scores of the tokens.
  ///
  /// - Parameter count: Number of tokens.
  /// - Returns: One score for each.
  /// - Throws: `FormatError` with code `missing` or `malformed`.
  func scores(count: Int) throws(FormatError) -> [Double] {
    let key = "tokenizer.ggml.scores"
    guard case .array(let elements)? = values[key] else {
      throw FormatError(.missing, path: path, "expected the array \(key)")
    }
    var scores: [Double] = []
    for element in elements {
      guard case .real(let score) = element, !score.isNaN else {
        throw malformed("\(key): expected numbers")
      }
      scores.append(score)
    }
    guard scores.count == count else {
      throw malformed("\(key): expected \(count) elements, found \(scores.count)")
    }
    return scores
  }

  /// Reads the types of the tokens; without any all are normal.
  ///
  /// - Parameter count: Number of tokens.
  /// - Returns: One type for each.
  /// - Throws: `FormatError` with code `malformed`.
  func types(count: Int) throws(FormatError) -> [TokenType] {
    let key = "tokenizer.ggml.token_type"
    guard case .array(let elements)? = values[key] else {
      return Array(repeating: .normal, count: count)
    }
    guard elements.count == count else {
      throw malformed("\(key): expected \(count) elements, found \(elements.count)")
    }
    return elements.map { integer($0).flatMap(TokenType.init) ?? .normal }
  }

  /// Reads the identifier of a token.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - count: Number of tokens.
  /// - Returns: The identifier, or `nil` when the key is not there.
  /// - Throws: `FormatError` with code `malformed` when no token has it.
  func tokenID(_ key: String, count: Int) throws(FormatError) -> Int? {
    guard let value = values[key] else { return nil }
    guard let id = integer(value), id >= 0, id < count else {
      throw malformed("\(key): expected an identifier below \(count)")
    }
    return id
  }

  private func integer(_ value: GGUFValue) -> Int? {
    switch value {
    case .unsigned(let number): Int(exactly: number)
    case .signed(let number): Int(exactly: number)
    default: nil
    }
  }
}
