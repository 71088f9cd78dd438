/// One of the 25 instructions of IFEval, with what it asks for.
///
/// - SeeAlso: Zhou et al., 2023, <https://arxiv.org/abs/2311.07911>.
enum Instruction: Sendable {
  /// A bound on a count.
  struct Bound: Sendable {
    /// Whether the count must reach the number; otherwise it must stay below.
    var isLeast: Bool
    var number: Int

    func holds(_ count: Int) -> Bool { isLeast ? count >= number : count < number }
  }

  // Words
  case keywords([TextPattern])
  case keywordCount(TextPattern, Bound)
  case forbiddenWords([TextPattern])
  case letterCount(Unicode.Scalar, Bound)
  // Language and case
  case language(String)
  case capitals, smallLetters
  case capitalWords(Bound)
  // Lengths
  case sentences(Bound)
  case paragraphs(Int)
  case words(Bound)
  case firstWord(String, paragraph: Int, of: Int)
  // Contents and form
  case placeholders(Int)
  case postscript(TextPattern)
  case bullets(Int)
  case fixedAnswer
  case highlights(Int)
  case sections(TextPattern, Int)
  case json
  case title
  case twoAnswers
  case repeatedPrompt(String)
  case ending(String)
  case noComma
  case quotation
}
