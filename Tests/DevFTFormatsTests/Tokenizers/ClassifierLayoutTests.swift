import DevFTFormats
import Testing

@Suite("Texts and pairs of texts for a classifier")
struct ClassifierLayoutTests {
  @Test("agree with the library, whole and cut off", arguments: TokenizerFixtures.classifiers)
  func layouts(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    let texts = try TokenizerFixtures.texts()
    let rows = try #require(try TokenizerFixtures.json("\(name).layouts").elements)
    #expect(rows.count > 80)
    for row in rows {
      let first = try #require(row["first"]?.integer)
      let pair = row["pair"]?.boolean == true ? texts[first + 1] : nil
      let whole = try tokenizer.classifierTokens(texts[first], pair: pair, maximumLength: 1 << 20)
      expectSame(whole.tokens, row["ids"], "text \(first)")
      expectSame(whole.types, row["types"], "text \(first)")
      #expect(whole.fullCount == whole.tokens.count)
      let cut = try tokenizer.classifierTokens(texts[first], pair: pair, maximumLength: 12)
      expectSame(cut.tokens, row["cut_ids"], "text \(first), cut")
      expectSame(cut.types, row["cut_types"], "text \(first), cut")
      #expect(cut.fullCount == whole.tokens.count)
    }
  }

  @Test("need a tokenizer that says where special tokens go")
  func withoutLayout() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("gpt2")
    #expect(throws: FormatError.self) {
      try tokenizer.classifierTokens("a", pair: nil, maximumLength: 8)
    }
  }

  @Test("need room for the special tokens")
  func noRoom() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("roberta")
    let cut = try tokenizer.classifierTokens("a b", pair: "c", maximumLength: 4)
    #expect(cut.tokens == [0, 2, 2, 2])
    #expect(throws: FormatError.self) {
      try tokenizer.classifierTokens("a b", pair: "c", maximumLength: 3)
    }
  }

  private func expectSame(_ found: [Int32], _ json: JSONValue?, _ place: String) {
    let expected = json?.elements?.compactMap(\.integer).map { Int32($0) }
    #expect(found == expected, "\(place)")
  }
}
