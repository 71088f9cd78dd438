import DevFTFormats
import Foundation
import Testing

@Suite("Tokenizers")
struct TokenizerTests {
  @Test(
    "decoding what was encoded gives the text back",
    arguments: ["gpt2", "smollm", "llama3", "llama2-legacy", "llama2-bare"]
  )
  func roundTrip(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    for text in try TokenizerFixtures.texts() where !text.contains("▁") && !text.contains("<0x") {
      let result = tokenizer.decode(tokenizer.encode(text))
      #expect(result.unicodeScalars.elementsEqual(text.unicodeScalars), "\(text.prefix(60))")
    }
  }

  @Test(
    "streaming gives the same text as decoding all at once",
    arguments: ["smollm", "llama2-first"]
  )
  func streaming(name: String) throws {
    let tokenizer = try TokenizerFixtures.tokenizer(name)
    // Identifiers in disorder make bytes that are no UTF-8.
    let disorder = (0..<2_000).map { ($0 * 7_919) % tokenizer.vocabularySize }
    let texts = try TokenizerFixtures.texts()
    let orders = [disorder, disorder.reversed()] + texts.map { tokenizer.encode($0) }
    for ids in orders {
      var decoder = StreamingDecoder(tokenizer)
      let text = ids.map { decoder.append($0) }.joined() + decoder.finish()
      #expect(text.unicodeScalars.elementsEqual(tokenizer.decode(ids).unicodeScalars))
      var bytes = ids.flatMap(tokenizer.bytes)
      if name == "llama2-first", bytes.first == 0x20 { bytes.removeFirst() }
      #expect(text.utf8.elementsEqual(String(decoding: bytes, as: UTF8.self).utf8))
    }
  }

  @Test("a character comes out only when its last byte has come")
  func streamingHoldsBack() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("added-tokens")
    var decoder = StreamingDecoder(tokenizer)
    let ids = tokenizer.encode("𪚥x")
    try #require(ids.count == 5)
    #expect(ids.map { decoder.append($0) } == ["", "", "", "𪚥", "x"])
  }

  @Test("special tokens are skipped on demand, and spelt otherwise")
  func skipsSpecialTokens() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("smollm")
    let ids = tokenizer.encode("a<|im_end|>b", parsingSpecialTokens: true)
    #expect(tokenizer.decode(ids) == "a<|im_end|>b")
    #expect(tokenizer.decode(ids, skippingSpecialTokens: true) == "ab")
  }

  @Test("a token of whole words matches between characters that are no word characters only")
  func singleWord() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("added-tokens")
    let id = try #require(tokenizer.tokenID(of: "<w>"))
    for text in ["<w>", "-<w>.", "\n<w> "] { #expect(tokenizer.encode(text).contains(id)) }
    for text in ["a<w>", "<w>9", "<w>_", "\u{fc}<w>", "<w>\u{301}", "<w>\u{200d}"] {
      #expect(!tokenizer.encode(text).contains(id))
    }
  }

  @Test("identifiers without a token decode to nothing")
  func strangeIdentifiers() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("smollm")
    #expect(tokenizer.decode([-1, Int.min, Int.max, tokenizer.vocabularySize]) == "")
    #expect(!tokenizer.isSpecial(-1) && tokenizer.tokenID(of: "no such token") == nil)
  }

  @Test("a word of a hundred thousand characters takes no time to speak of")
  func longWord() throws {
    let tokenizer = try TokenizerFixtures.tokenizer("gpt2")
    let clock = ContinuousClock()
    let word = String(repeating: "lampthe", count: 15_000)
    let duration = clock.measure { _ = tokenizer.encode(word) }
    #expect(duration < .seconds(2))
  }

  @Test("canonically equivalent tokens stay two tokens")
  func canonicalEquivalence() throws {
    let json = """
      {"model":{"type":"BPE","vocab":{"\u{e9}":0,"e":1,"\u{301}":2,"e\u{301}":3},
      "merges":[["e","\u{301}"]]}}
      """
    let tokenizer = try Tokenizer(json: Array(json.utf8))
    #expect(tokenizer.encode("\u{e9}") == [0])
    #expect(tokenizer.encode("e\u{301}") == [3])
    #expect(tokenizer.tokenID(of: "e\u{301}") == 3)
  }

  @Test("many threads may share one tokenizer")
  func threads() async throws {
    let tokenizer = try TokenizerFixtures.tokenizer("qwen2")
    let texts = try TokenizerFixtures.texts()
    let expected = texts.map { tokenizer.encode($0) }
    let fresh = try TokenizerFixtures.tokenizer("qwen2")
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 { group.addTask { texts.map { fresh.encode($0) } == expected } }
      for await isEqual in group { #expect(isEqual) }
    }
  }
}
