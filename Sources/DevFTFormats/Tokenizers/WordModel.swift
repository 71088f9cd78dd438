/// Splits words into the tokens of a vocabulary.
protocol WordModel: Sendable {
  /// Spellings of all tokens.
  var vocabulary: Vocabulary { get }

  /// Appends the tokens of one word.
  ///
  /// - Parameters:
  ///   - word: UTF-8 of the word, already normalised and split off.
  ///   - tokens: Where the tokens go.
  func encode(_ word: ArraySlice<UInt8>, into tokens: inout [Int])

  /// The byte that a token stands for.
  ///
  /// - Parameter id: Any token.
  /// - Returns: The byte, or `nil` when it stands for something else.
  func byte(of id: Int) -> UInt8?

  /// The bytes that a token's spelling stands for.
  ///
  /// - Parameter id: Any token.
  /// - Returns: The bytes.
  func text(of id: Int) -> [UInt8]
}
