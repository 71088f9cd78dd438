import DevFTFormats
import Testing

@Suite("Writing data sets")
struct ExamplesWriterTests {
  private static let examples = [
    Example(
      instruction: Example.Instruction("Say \"é\".\n", input: "x"),
      answer: "é\u{1}",
      fields: ["household": "7", "b": "\\", "instruction": "lost"]
    ),
    Example(
      messages: [ChatMessage(.system, "s"), ChatMessage(.user, "u"), ChatMessage(.assistant, "a")],
      fields: ["client": "c"]
    ),
  ]

  @Test("a row is one line of JSON with sorted keys")
  func line() {
    #expect(
      ExamplesWriter.line(of: Self.examples[0])
        == #"{"b":"\\","household":"7","input":"x","instruction":"Say \"é\".\n","output":"é\u0001"}"#
    )
    #expect(
      ExamplesWriter.line(of: Self.examples[1])
        == #"{"client":"c","messages":[{"content":"s","role":"system"},"#
        + #"{"content":"u","role":"user"},{"content":"a","role":"assistant"}]}"#
    )
  }

  @Test("what was written is read back", arguments: [0, 1])
  func roundTrip(index: Int) throws {
    var example = Self.examples[index]
    example.fields["instruction"] = nil
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/rows.jsonl"
      try ExamplesWriter.write([example, example], to: path)
      #expect(try ExamplesReader.examples(in: path) == [example, example])
    }
  }
}
