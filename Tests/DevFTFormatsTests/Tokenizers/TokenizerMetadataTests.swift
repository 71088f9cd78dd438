import DevFTFormats
import Testing

@Suite("Tokenizers from GGUF metadata")
struct TokenizerMetadataTests {
  /// A byte-level fixture as a GGUF file would hold it.
  private func byteLevel(_ name: String, pre: String) throws -> [String: GGUFValue] {
    let json = try TokenizerFixtures.json("\(name).tokenizer")
    var tokens: [Int: String] = [:]
    for member in json["model"]?["vocab"]?.members ?? [] {
      if let id = member.value.integer { tokens[id] = member.key }
    }
    var types = Array(repeating: GGUFValue.signed(1), count: tokens.count)
    for token in json["added_tokens"]?.elements ?? [] {
      guard let id = token["id"]?.integer, let content = token["content"]?.text else { continue }
      if id >= tokens.count { types.append(.signed(3)) } else { types[id] = .signed(3) }
      tokens[id] = content
    }
    let merges = json["model"]?["merges"]?.elements?.map { merge in
      merge.text ?? merge.elements?.compactMap(\.text).joined(separator: " ") ?? ""
    }
    return [
      "tokenizer.ggml.model": .text("gpt2"),
      "tokenizer.ggml.pre": .text(pre),
      "tokenizer.ggml.tokens": .array((0..<tokens.count).map { .text(tokens[$0] ?? "") }),
      "tokenizer.ggml.token_type": .array(types),
      "tokenizer.ggml.merges": .array((merges ?? []).map { .text($0) }),
      "tokenizer.ggml.eos_token_id": .unsigned(1),
    ]
  }

  @Test(
    "every family agrees with the library",
    arguments: [
      ("gpt2", "gpt-2"), ("smollm", "smollm"), ("llama3", "llama-bpe"), ("qwen2", "qwen2"),
    ]
  )
  func families(name: String, pre: String) throws {
    let tokenizer = try Tokenizer(metadata: byteLevel(name, pre: pre))
    let expected = try TokenizerFixtures.expected(name)
    for (index, text) in try TokenizerFixtures.texts().enumerated() {
      #expect(tokenizer.encode(text) == expected.ids[index])
      #expect(
        tokenizer.encode(text, parsingSpecialTokens: true)
          == expected.parsed[index] ?? expected.ids[index]
      )
    }
    #expect(tokenizer.eosID == 1 && tokenizer.bosID == nil)
    #expect(tokenizer.addsBOS == (pre == "llama-bpe"))
  }

  @Test("no text becomes a control token, even where its pieces would join to it")
  func controlTokens() throws {
    let spellings = ["<unk>", "<s>", "<", "s", ">", "<s", "▁"]
    let types = [2, 3, 1, 1, 1, 1, 1]
    let scores = [0.0, 0, -3, -4, -5, -1, -6]
    let tokenizer = try Tokenizer(metadata: [
      "tokenizer.ggml.model": .text("llama"),
      "tokenizer.ggml.tokens": .array(spellings.map { .text($0) }),
      "tokenizer.ggml.token_type": .array(types.map { .signed(Int64($0)) }),
      "tokenizer.ggml.scores": .array(scores.map { .real($0) }),
      "tokenizer.ggml.unknown_token_id": .unsigned(0),
      "tokenizer.ggml.add_space_prefix": .boolean(false),
    ])
    #expect(tokenizer.encode("<s>") == [5, 4])
    #expect(tokenizer.encode("<s>", parsingSpecialTokens: true) == [1])
    #expect(tokenizer.encode("s??s") == [3, 0, 3])
    #expect(tokenizer.decode([2, 6, 3]) == "< s")
  }

  @Test(
    "what is wrong is named",
    arguments: [
      ("tokenizer.ggml.model", GGUFValue.text("bert")),
      ("tokenizer.ggml.pre", .text("deepseek-coder")),
      ("tokenizer.ggml.tokens", .array([.signed(1)])),
      ("tokenizer.ggml.tokens", .text("x")),
      ("tokenizer.ggml.merges", .array([.text("no-space")])),
      ("tokenizer.ggml.merges", .array([.text("")])),
      ("tokenizer.ggml.token_type", .array([.signed(1)])),
      ("tokenizer.ggml.eos_token_id", .unsigned(.max)),
      ("tokenizer.ggml.eos_token_id", .signed(-1)),
    ]
  )
  func named(key: String, value: GGUFValue) throws {
    var metadata = try byteLevel("smollm", pre: "smollm")
    metadata[key] = value
    let error = try FormatsFixture.error { try Tokenizer(metadata: metadata, path: "m.gguf") }
    #expect(error.path == "m.gguf" && error.message.contains(key), "\(error)")
  }

  @Test("scores must be numbers, one for each token")
  func scores() throws {
    var metadata = try TokenizerFixtures.metadata("sentencepiece")
    metadata["tokenizer.ggml.scores"] = .array([.real(1)])
    #expect(try FormatsFixture.error { try Tokenizer(metadata: metadata) }.code == .malformed)
    metadata["tokenizer.ggml.scores"] = nil
    #expect(try FormatsFixture.error { try Tokenizer(metadata: metadata) }.code == .missing)
  }
}
