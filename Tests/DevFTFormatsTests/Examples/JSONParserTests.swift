import DevFTFormats
import Testing

@Suite("JSON")
struct JSONParserTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue {
    try JSONParser.parse(Array(text.utf8)[...])
  }

  @Test("all kinds of values are read as they stand")
  func values() throws {
    let value = try parse(
      #" {"a":[1,-0.5e+3,true,false,null,"x\n\"\\\/\u00e9\ud83d\ude00"],"b":{},"c":[ ],"a\u0000":""} "#
    )
    #expect(
      value
        == .object([
          .init(
            "a",
            .array([
              .number("1"), .number("-0.5e+3"), .boolean(true), .boolean(false), .null,
              .string("x\n\"\\/é😀"),
            ])
          ), .init("b", .object([])), .init("c", .array([])), .init("a\0", .string("")),
        ])
    )
    #expect(value["a"]?.elements?.first?.integer == 1 && value["none"] == nil)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", " ", "{", "[", "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "[1 2]", "{a:1}", "'a'",
      "01", "1.", ".5", "+1", "1e", "-", "--1", "NaN", "Infinity", "tru", "nul", "\"", "\"\\\"",
      "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\udc00\"",
      "\"\\ud800\\u0041\"", "\"\n\"", "\"\u{1}\"", "1 2", "{} x", "\u{feff}1", "// c\n1",
    ]
  )
  func refused(text: String) {
    #expect(throws: JSONError.self) { try parse(text) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notUTF8() {
    #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xff, 0x22]) }
    #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xed, 0xa0, 0x80, 0x22]) }
    #expect(throws: JSONError.self) { try JSONParser.parse([0xff]) }
  }

  @Test("nesting is bounded, so that no input overflows the stack")
  func nesting() throws {
    _ = try parse(String(repeating: "[", count: 128) + String(repeating: "]", count: 128))
    #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 129)) }
    #expect(throws: JSONError.self) { try parse(String(repeating: "{\"a\":", count: 200_000)) }
  }

  @Test("every prefix of an object is refused")
  func prefixes() throws {
    let bytes = Array(#"{"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00é"],"b":{"c":"d"}}"#.utf8)
    _ = try JSONParser.parse(bytes[...])
    for end in bytes.indices {
      #expect(throws: JSONError.self) { try JSONParser.parse(bytes[..<end]) }
    }
  }

  @Test("the offset of the first byte that does not fit is told, also in the middle of a buffer")
  func offset() {
    let bytes = Array("xx[1,?]".utf8)
    let error = #expect(throws: JSONError.self) { try JSONParser.parse(bytes[2...]) }
    #expect(error?.offset == 3 && error?.expected == "a value" && error?.isTruncated == false)
  }

  @Test("canonically equivalent keys stay apart")
  func equivalentKeys() throws {
    #expect(try parse("{\"\u{e9}\":1,\"e\u{301}\":2}").members?.count == 2)
  }

  @Test("values are written on one line with sorted keys, and read back")
  func encoding() throws {
    let value = try parse("{\"b\":[1,{}],\"a\":\"\\u0001\\n\\\"\\\\é/\",\"B\":null}")
    #expect(value.encoded == #"{"B":null,"a":"\u0001\n\"\\é/","b":[1,{}]}"#)
    #expect(try parse(value.encoded).encoded == value.encoded)
  }
}
