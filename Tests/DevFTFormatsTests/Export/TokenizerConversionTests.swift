import Foundation
import Testing

@testable import DevFTFormats

@Suite("Tokenizers between tokenizer.json and GGUF")
struct TokenizerConversionTests {
  /// Writes a fixture's `tokenizer.json` into a directory and lends the metadata made from it.
  private func withMetadata<Result>(
    _ name: String,
    _ body: ([String: GGUFValue]) throws -> Result
  ) throws -> Result {
    try FormatsFixture.withDirectory { directory in
      let json = Data(try TokenizerFixtures.bytes("\(name).tokenizer"))
      try json.write(to: URL(fileURLWithPath: "\(directory)/tokenizer.json"))
      let size = try Tokenizer(directory: directory).vocabularySize
      let fields = try GGUFTokenizerFields(directory: directory, vocabularySize: size + 3).fields()
      let path = "\(directory)/fields.gguf"
      try OutputFile.write(path) { try GGUFWriter.write(fields, [], to: $0) { _ in } }
      return try body(GGUFFile(path: path).metadata)
    }
  }

  private func check(
    _ tokenizer: Tokenizer,
    _ name: String,
    parsesSpecialTokens: Bool = true
  ) throws {
    let expected = try TokenizerFixtures.expected(name)
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      guard let ids = expected.ids[index] else { continue }
      let note = "\(name), text \(index): \(text.prefix(60).debugDescription)"
      try #require(tokenizer.encode(text) == ids, "\(note)")
      guard parsesSpecialTokens else { continue }
      try #require(
        tokenizer.encode(text, parsingSpecialTokens: true) == expected.parsed[index] ?? ids,
        "\(note)"
      )
    }
  }

  @Test(
    "every text has the published tokens after both ways",
    arguments: ["gpt2", "smollm", "llama3", "qwen2", "llama2-legacy"]
  )
  func bothWays(name: String) throws {
    try withMetadata(name) { metadata in
      // The fixtures do not say which token begins a text.
      var metadata = metadata
      metadata["tokenizer.ggml.bos_token_id"] = .unsigned(1)
      let tokenizer = try Tokenizer(metadata: metadata)
      try check(tokenizer, name)
      let values = TokenizerMetadata(values: metadata, path: nil)
      let json = TokenizerJSON(tokenizer, values, contextLength: 64)
      let made = try Tokenizer(json: Array(try json.contents().indented.utf8))
      try check(made, name)
      #expect(made.addsBOS == tokenizer.addsBOS)
    }
  }

  @Test("SentencePiece's scores become merges in their order")
  func sentencePiece() throws {
    let metadata = try TokenizerFixtures.metadata("sentencepiece")
    let tokenizer = try Tokenizer(metadata: metadata)
    let values = TokenizerMetadata(values: metadata, path: nil)
    let json = try TokenizerJSON(tokenizer, values, contextLength: 64).contents()
    let made = try Tokenizer(json: Array(json.indented.utf8))
    // What the library says of special tokens in text is not recorded for this one.
    try check(made, "sentencepiece", parsesSpecialTokens: false)
  }

  @Test("a pre-tokenizer that llama.cpp has no name for is refused")
  func refuses() throws {
    let error = try FormatsFixture.error { try withMetadata("gpt2-prefix-space") { _ in } }
    #expect(error.code == .unsupported)
    #expect(error.message.contains("llama.cpp"))
  }
}
