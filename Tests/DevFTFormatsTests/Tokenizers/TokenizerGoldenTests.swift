import DevFTFormats
import Testing

@Suite("Tokenizers agree with the library they come from")
struct TokenizerGoldenTests {
  @Test("on every hostile text, without parsing special tokens", arguments: TokenizerFixtures.names)
  func encodesText(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    let expected = try TokenizerFixtures.expected(name)
    let texts = try TokenizerFixtures.texts()
    #expect(texts.count == expected.ids.count && texts.count > 300)
    for (index, text) in texts.enumerated() {
      let ids = tokenizer.encode(text)
      #expect(ids == expected.ids[index], "text \(index): \(text.prefix(60).debugDescription)")
    }
  }

  @Test("on every hostile text, parsing special tokens", arguments: TokenizerFixtures.names)
  func parsesSpecialTokens(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    let expected = try TokenizerFixtures.expected(name)
    // The texts spell no special token of BERT's.
    #expect(expected.parsed.isEmpty == name.hasPrefix("bert"))
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      let ids = tokenizer.encode(text, parsingSpecialTokens: true)
      #expect(
        ids == expected.parsed[index] ?? expected.ids[index],
        "text \(index): \(text.prefix(60).debugDescription)"
      )
    }
  }

  @Test("on what tokens decode to", arguments: TokenizerFixtures.names)
  func decodes(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    let expected = try TokenizerFixtures.expected(name)
    guard let decoded = expected.decoded else { return }
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      let ids = try #require(expected.ids[index])
      let result = tokenizer.decode(ids)
      #expect(
        result.unicodeScalars.elementsEqual((decoded[index] ?? text).unicodeScalars),
        "text \(index): \(text.prefix(60).debugDescription)"
      )
    }
  }

  @Test("on SentencePiece's own order of merges, from GGUF metadata")
  func encodesAsSentencePiece() throws {
    let tokenizer = try Tokenizer(metadata: TokenizerFixtures.metadata("sentencepiece"))
    let expected = try TokenizerFixtures.expected("sentencepiece")
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      guard let ids = expected.ids[index] else { continue }
      #expect(
        tokenizer.encode(text) == ids,
        "text \(index): \(text.prefix(60).debugDescription)"
      )
    }
  }
}
