import DevFTFormats
import Foundation
import Testing

@Suite("Tokenizer files")
struct TokenizerFileTests {
  @Test("every prefix of a tokenizer.json throws")
  func prefixes() throws {
    let bytes = try TokenizerFixtures.bytes("added-tokens.tokenizer")
    let step = 7
    for end in stride(from: 0, to: bytes.count, by: step) {
      let error = try FormatsFixture.error { try Tokenizer(json: Array(bytes[..<end])) }
      #expect(error.code == .truncated || error.code == .malformed)
    }
  }

  @Test("a damaged byte throws or is read, and never crashes")
  func damage() throws {
    let bytes = try TokenizerFixtures.bytes("added-tokens.tokenizer")
    for place in stride(from: 0, to: bytes.count, by: 11) {
      for byte: UInt8 in [0x00, 0x2d, 0x39, 0x5d, 0xff] {
        var damaged = bytes
        damaged[place] = byte
        let tokenizer = try? Tokenizer(json: damaged)
        _ = tokenizer?.encode("a <mask> b")
      }
    }
  }

  @Test(
    "what cannot be read is named",
    arguments: [
      (#"{"model":{"type":"Unigram","vocab":[]}}"#, "Unigram"),
      (#"{"model":{"type":"BPE","vocab":{"a":0},"merges":[["a","b"]]}}"#, "merges[0]"),
      (#"{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}"#, "model.vocab"),
      (#"{"model":{"type":"BPE","vocab":{"a":99999999999},"merges":[]}}"#, "model.vocab"),
      (#"{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}"#, "identifier 0"),
      (#"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#, "model.vocab"),
      (#"{"model":{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}}"#, "dropout"),
      (#"{"normalizer":{"type":"NFKC"},"model":{}}"#, "NFKC"),
      (#"{"pre_tokenizer":{"type":"Whitespace"},"model":{}}"#, "Whitespace"),
      (
        #"{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\d+"},"behavior":"Isolated"}}"#,
        #"\\d+"#
      ),
      (#"{"added_tokens":[{"id":-5,"content":"x"}],"model":{}}"#, "added_tokens"),
      (#"{}"#, "model"),
      (#"[]"#, "object"),
    ]
  )
  func named(json: String, part: String) throws {
    let error = try FormatsFixture.error { try Tokenizer(json: Array(json.utf8), path: "t.json") }
    #expect(error.message.contains(part), "\(error)")
    #expect(error.path == "t.json" && !error.message.contains("\n"))
  }

  @Test("a model directory names its special tokens and its template")
  func directory() throws {
    try FormatsFixture.withDirectory { directory in
      let tokenizer = try TokenizerFixtures.bytes("smollm.tokenizer")
      try AtomicFile.write(Data(tokenizer), to: "\(directory)/tokenizer.json")
      let configuration = """
        {"bos_token":{"content":"<|im_start|>"},"eos_token":"<|im_end|>","pad_token":null,
        "add_bos_token":true,"chat_template":[{"name":"other","template":"?"},
        {"name":"default","template":"{{'<|im_start|>system\\nHi<|im_end|>'}}"}]}
        """
      try AtomicFile.write(
        Data(configuration.utf8),
        to: "\(directory)/tokenizer_config.json"
      )
      try AtomicFile.write(Data(#"{"pad_token_id":[5,6]}"#.utf8), to: "\(directory)/config.json")
      let made = try Tokenizer(.directory(directory))
      #expect(made.bosID == 0 && made.eosID == 1 && made.padID == 5 && made.addsBOS)
      #expect(try ChatTemplate.recognise(in: .directory(directory))?.defaultSystem == "Hi")
      let jinja = Data("### Instruction: ### Response:".utf8)
      try AtomicFile.write(jinja, to: "\(directory)/chat_template.jinja")
      #expect(try ChatTemplate.recognise(in: .directory(directory))?.format == .alpaca)
    }
  }

  @Test("a directory without a tokenizer is missing one")
  func missing() throws {
    try FormatsFixture.withDirectory { directory in
      let error = try FormatsFixture.error { try Tokenizer(directory: directory) }
      #expect(error.code == .missing && error.path == "\(directory)/tokenizer.json")
    }
  }
}
