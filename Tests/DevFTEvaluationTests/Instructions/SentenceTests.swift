import Testing

@testable import DevFTEvaluation

@Suite("Sentences, words and case")
struct SentenceTests {
  private let splitter = SentenceSplitter(parameters: .standard)

  // Counts of nltk 3.10's Punkt with the trained English parameters.
  @Test(
    "sentences end at periods, but not behind abbreviations, initials and numbers",
    arguments: [
      ("", 0), ("One. Two! Three?", 3), ("Dr. Smith met Mrs. Jones at 5 p.m. in St. Louis.", 1),
      ("It cost 3.50 dollars. \"Really?\" he asked.", 3), ("Wait... what?", 1),
      ("J. R. Smith came. He left.", 2), ("(All of it.) And more.", 2),
      ("No end here\n\nand none here", 1), ("A list:\n1. One\n2. Two", 3), ("Yes.No.", 1),
      ("End.  \n\n", 1),
    ]
  )
  func sentences(text: String, count: Int) {
    #expect(splitter.sentences(in: text).count == count)
  }

  @Test("words are runs of letters, digits and underscores")
  func words() {
    #expect("It's a well-known fact, isn't it? 3.14 x_y".wordCount == 12)
    #expect("".wordCount == 0)
    // Marks belong to their letters; superscripts are no word characters.
    #expect("हिंदी में x² ①".wordCount == 3)
  }

  @Test("tokens as NLTK parts them")
  func tokens() {
    let tokenizer = WordTokenizer(splitter: splitter)
    #expect(
      tokenizer.words(in: "I'M SURE it's NASA's, (OK)? \"Yes.\"").map(String.init)
        == [
          "I", "'M", "SURE", "it", "'s", "NASA", "'s", ",", "(", "OK", ")", "?", "``", "Yes", ".",
          "''",
        ]
    )
  }

  @Test("case looks at letters that have one")
  func letterCase() {
    #expect("ABC 12!".isAllCapitals && !"ABc".isAllCapitals && !"12".isAllCapitals)
    #expect("abc ß".isAllSmall && !"aBc".isAllSmall && !"".isAllSmall)
  }
}
