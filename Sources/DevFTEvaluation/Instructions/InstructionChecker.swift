/// Tells whether answers follow instructions; holds what that takes to know of languages.
public struct InstructionChecker: Sendable {
  let splitter: SentenceSplitter
  let tokenizer: WordTokenizer
  private let profiles: LanguageProfiles?

  /// Prepares the checks.
  ///
  /// - Parameters:
  ///   - punkt: Directory of a trained sentence splitter (NLTK's `punkt_tab/english`), or `nil` for short lists
  ///     of the program's own.
  ///   - profiles: Directory of language profiles (of the library langdetect), or `nil` for a guess by
  ///     script and common words.
  /// - Throws: `FormatError` that names a file that is missing or broken.
  public init(punkt: String? = nil, profiles: String? = nil) throws {
    splitter = SentenceSplitter(
      parameters: try punkt.map { try PunktParameters(directory: $0) } ?? .standard
    )
    tokenizer = WordTokenizer(splitter: splitter)
    self.profiles = try profiles.map { try LanguageProfiles(directory: $0) }
  }

  /// Whether a text is in a language; texts that have no language count as such.
  func isText(_ text: String, in language: String) -> Bool {
    let found = profiles.map { $0.language(of: text) } ?? LanguageGuess.language(of: text)
    return found.map { $0 == language } ?? true
  }

  /// Whether an answer follows an instruction, to the letter.
  ///
  /// - Parameters:
  ///   - answer: The answer.
  ///   - instruction: The instruction.
  /// - Returns: Whether it does; never for an empty answer.
  func follows(_ answer: String, _ instruction: Instruction) -> Bool {
    !answer.trimmed.isEmpty && instruction.isFollowed(by: answer, self)
  }

  /// Whether an answer, or one of seven forms of it, follows an instruction.
  ///
  /// The forms leave out the first line, the last line, or both, and asterisks.
  ///
  /// - Parameters:
  ///   - answer: The answer.
  ///   - instruction: The instruction.
  /// - Returns: Whether one of them does.
  func followsLoosely(_ answer: String, _ instruction: Instruction) -> Bool {
    let lines = answer.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    let cuts = [lines.dropFirst(), lines.dropLast(), lines.dropFirst().dropLast()]
      .map { $0.joined(separator: "\n").trimmed }
    let forms = [answer] + cuts
    return (forms + forms.map(Self.withoutAsterisks)).contains { follows($0, instruction) }
  }

  private static func withoutAsterisks(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "*" }))
  }
}
