import DevFTFormats
import Foundation
import Testing

@Suite("Reading data sets")
struct ExamplesReaderTests {
  /// Reads a text as a file.
  private func read(_ text: String) throws -> [Example] { try read(Array(text.utf8)) }

  private func read(_ bytes: [UInt8]) throws -> [Example] {
    try FormatsFixture.withDirectory { directory in
      try AtomicFile.write(Data(bytes), to: "\(directory)/rows.jsonl")
      return try ExamplesReader.examples(in: "\(directory)/rows.jsonl")
    }
  }

  @Test("rows of the Alpaca form")
  func alpaca() throws {
    let rows = try read(
      #"{"instruction":"Add.","input":"1, 2","output":"3","category":"sums","n":1.50,"ok":true}"#
        + "\n" + #"{"instruction":"Hi","output":"Hello","x":[1],"y":{},"z":null}"#
    )
    #expect(
      rows == [
        Example(
          instruction: Example.Instruction("Add.", input: "1, 2"),
          answer: "3",
          fields: ["category": "sums", "n": "1.50", "ok": "true"]
        ),
        Example(instruction: Example.Instruction("Hi"), answer: "Hello"),
      ]
    )
    #expect(rows[0].messages == [ChatMessage(.user, "Add.\n\n1, 2"), ChatMessage(.assistant, "3")])
    #expect(rows[1].messages[0].content == "Hi")
  }

  @Test("rows of the Dolly form")
  func dolly() throws {
    let rows = try read(
      #"{"instruction":"Who?","context":"Ann came.","response":"Ann","category":"closed_qa"}"#
    )
    #expect(rows[0].instruction == Example.Instruction("Who?", input: "Ann came."))
    #expect(rows[0].messages[1].content == "Ann" && rows[0].fields == ["category": "closed_qa"])
  }

  @Test("rows of prompts and completions", arguments: ["completion", "response"])
  func prompts(key: String) throws {
    let rows = try read(#"{"prompt":"2+2=","\#(key)":"4","household":7}"#)
    #expect(
      rows == [
        Example(
          messages: [ChatMessage(.user, "2+2="), ChatMessage(.assistant, "4")],
          fields: ["household": "7"]
        )
      ]
    )
  }

  @Test("rows of messages, in both spellings")
  func messages() throws {
    let expected = [
      ChatMessage(.system, "s"), ChatMessage(.user, "u"), ChatMessage(.assistant, "a"),
    ]
    let messages = try read(
      #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},"#
        + #"{"role":"assistant","content":"a"}],"client":"c1"}"#
    )
    #expect(messages == [Example(messages: expected, fields: ["client": "c1"])])
    let conversations = try read(
      #"{"conversations":[{"from":"system","value":"s"},{"from":"human","value":"u"},"#
        + #"{"from":"gpt","value":"a"}]}"#
    )
    #expect(conversations == [Example(messages: expected)])
  }

  @Test("byte order mark, Windows line breaks, empty lines and a missing last break are tolerated")
  func tolerance() throws {
    let rows = try read(
      "\u{feff}\r\n  \n{\"prompt\":\"a\",\"completion\":\"b\"}\r\n\r\n\t\r\n"
        + "{\"prompt\":\"c\",\"completion\":\"d\"}"
    )
    #expect(rows.map { $0.messages[0].content } == ["a", "c"])
    let direct = try read("\u{feff}{\"prompt\":\"a\",\"completion\":\"b\"}")
    #expect(direct.count == 1)
  }

  @Test(
    "errors name file, line and key, and never the text",
    arguments: [
      (#"{"instruction":"a","output":1}"#, 2, "\"output\": expected a string, found a number"),
      (#"{"instruction":"a"}"#, 2, "\"output\": expected a string, it is missing"),
      (#"{"instruction":null,"output":"secret"}"#, 2, "\"instruction\": expected a string"),
      (#"{"instruction":"a","input":[],"output":"secret"}"#, 2, "\"input\": expected a string"),
      (#"{"instruction":"secret","output":"b""#, 2, "expected ',' or '}' at byte 36"),
      (#"["secret"]"#, 2, "expected a JSON object, found an array"),
      (#"{"prompt":"secret","completion":"b"}"#, 2, "\"instruction\""),
    ]
  )
  func errors(line: String, number: Int, part: String) throws {
    let error = try FormatsFixture.error {
      try read("{\"instruction\":\"a\",\"output\":\"b\"}\n" + line + "\n")
    }
    #expect(error.path?.hasSuffix("rows.jsonl:\(number)") == true)
    #expect(error.message.contains(part), "\(error)")
    #expect(!error.description.contains("secret"))
  }

  @Test(
    "conversations that are none are refused",
    arguments: [
      (#"{"messages":[]}"#, "\"messages\""),
      (#"{"messages":"secret"}"#, "found a string"),
      (#"{"messages":[1]}"#, "messages[0]"),
      (#"{"messages":[{"role":"secret","content":"a"}]}"#, "messages[0].role"),
      (#"{"messages":[{"role":"user"}]}"#, "messages[0].content"),
      (#"{"messages":[{"role":"user","content":"secret"}]}"#, "assistant"),
      (#"{"conversations":[{"from":"gpt"}]}"#, "conversations[0].value"),
      (#"{"words":"secret"}"#, "instruction/input/output"),
      (#"{"text":"secret"}"#, "key \"label\""),
      (#"{"text":"secret","label":null}"#, "key \"label\""),
      (#"{"text":7,"label":"secret"}"#, "key \"text\""),
    ]
  )
  func refused(line: String, part: String) throws {
    let error = try FormatsFixture.error { try read(line) }
    #expect(error.message.contains(part) && !error.description.contains("secret"), "\(error)")
    #expect(error.path?.hasSuffix(":1") == true)
  }

  @Test("texts with a class, by name or number, alone or in pairs")
  func labelled() throws {
    let rows = [
      (#"{"text":"a","label":"good","site":"x"}"#, LabelledText("a", label: "good")),
      (
        #"{"text":"a","text_pair":"b","label":2,"site":"x"}"#,
        LabelledText("a", pair: "b", label: "2")
      ),
      (#"{"text":"","text_pair":null,"label":true,"site":"x"}"#, LabelledText("", label: "true")),
    ]
    for (line, expected) in rows {
      let example = try #require(try read(line).first)
      #expect(example.labelled == expected)
      #expect(example.fields == ["label": expected.label, "site": "x"])
      #expect(example.messages.last?.content == expected.label)
      #expect(try read(ExamplesWriter.line(of: example)).first == example)
    }
  }

  @Test("files without rows are refused", arguments: ["", "\n\n", "\u{feff}", " \r\n"])
  func empty(text: String) throws {
    #expect(try FormatsFixture.error { try read(text) }.code == .malformed)
  }

  @Test("bytes that are not UTF-8 are refused with their line")
  func notUTF8() throws {
    let row = Array("{\"prompt\":\"a\",\"completion\":\"b\"}\n".utf8)
    var bad = row
    bad[11] = 0xff
    let error = try FormatsFixture.error { try read(row + bad) }
    #expect(error.path?.hasSuffix(":2") == true && error.message.contains("UTF-8"))
  }

  @Test("a missing file and a directory are refused")
  func missing() throws {
    #expect(
      try FormatsFixture.error { try ExamplesReader.examples(in: "/no/such/file") }.code == .missing
    )
    try FormatsFixture.withDirectory { directory in
      let error = try FormatsFixture.error { try ExamplesReader.examples(in: directory) }
      #expect(error.code == .unreadable)
    }
  }

  @Test("a prefix throws when cut inside a row and has fewer rows when cut between rows")
  func prefixes() throws {
    let row = "{\"instruction\":\"é\",\"output\":\"b\\n\"}\n"
    let bytes = Array(String(repeating: row, count: 3).utf8)
    let length = row.utf8.count
    for end in 1..<bytes.count {
      let rest = end % length
      if rest == 0 || rest == length - 1 {
        #expect(try read(Array(bytes[..<end])).count == (end + 1) / length)
      } else {
        #expect(throws: FormatError.self) { try read(Array(bytes[..<end])) }
      }
    }
  }

  @Test("damaged bytes throw or are read, and never crash")
  func damage() throws {
    let bytes = Array(#"{"messages":[{"role":"assistant","content":"\u00e9"}],"n":1}"#.utf8)
    for place in bytes.indices {
      for byte: UInt8 in [0x00, 0x0a, 0x22, 0x5c, 0x7b, 0xc3, 0xff] {
        var damaged = bytes
        damaged[place] = byte
        _ = try? read(damaged)
      }
    }
  }
}
