import DevFTFormats
import Foundation
import Testing

/// A SmolLM2 model file, where one is found.
private enum SmolLM2File {
  static let path: String? = {
    let root = TokenizerFixtures.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let local = root.appendingPathComponent("models/smollm2-135m-instruct.gguf").path
    let candidates = [ProcessInfo.processInfo.environment["DEVFT_MODEL"], local].compactMap { $0 }
    return candidates.first { FileManager.default.fileExists(atPath: $0) }
  }()
}

@Suite("The tokenizer of SmolLM2", .enabled(if: SmolLM2File.path != nil, "no model file is there"))
struct ModelTokenizerTests {
  private let file: GGUFFile
  private let tokenizer: Tokenizer

  init() throws {
    file = try GGUFFile(path: #require(SmolLM2File.path))
    tokenizer = try Tokenizer(.gguf(file.metadata), path: file.path)
  }

  @Test("has the published special tokens")
  func specialTokens() {
    #expect(tokenizer.vocabularySize == 49_152)
    #expect(tokenizer.bosID == 1 && tokenizer.eosID == 2 && tokenizer.padID == 2)
    #expect(!tokenizer.addsBOS)
    #expect(tokenizer.tokenID(of: "<|im_end|>") == 2 && tokenizer.isSpecial(2))
  }

  @Test("agrees with the library on every hostile text")
  func encodes() throws {
    let expected = try TokenizerFixtures.expected("smollm2")
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      let name = "text \(index): \(text.prefix(60).debugDescription)"
      #expect(tokenizer.encode(text) == expected.ids[index], "\(name)")
      #expect(
        tokenizer.encode(text, parsingSpecialTokens: true)
          == expected.parsed[index] ?? expected.ids[index],
        "\(name)"
      )
      let decoded = tokenizer.decode(try #require(expected.ids[index]))
      let original = expected.decoded?[index] ?? text
      #expect(decoded.unicodeScalars.elementsEqual(original.unicodeScalars), "\(name)")
    }
  }

  @Test("gives the tokens of the model's own template")
  func appliesTemplate() throws {
    let template = try #require(try ChatTemplate.recognise(in: .gguf(file.metadata)))
    #expect(
      template.defaultSystem
        == "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
    )
    let ids = try #require(TemplateFixture.json()["smollm2File"]?["ids"]?.elements)
    for (messages, expected) in zip(try TemplateFixture.conversations(), ids) {
      let example = try TokenizedExample(template.render(messages), tokenizer: tokenizer)
      #expect(example.tokens.map(Int.init) == expected.elements?.compactMap(\.integer))
    }
  }
}
