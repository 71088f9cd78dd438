import DevFTFormats
import DevFTModel
import DevFTTraining
import Testing
import _DevFTTestSupport

@Suite("Examples as token sequences")
struct ExampleEncoderTests {
  private let tokenizer: Tokenizer
  private let template: ChatTemplate
  private let examples: [Example]

  init() throws {
    let file = try openModelFile(at: TinyChat.model)
    tokenizer = try Tokenizer(file.tokenizerSource)
    template = try #require(try ChatTemplate.recognise(in: file.tokenizerSource))
    examples = try ExamplesReader.examples(in: TinyChat.train)
  }

  private func encoder(
    _ maximumLength: Int,
    _ overLong: ExampleEncoder.OverLong
  ) -> ExampleEncoder {
    ExampleEncoder(
      template: template,
      tokenizer: tokenizer,
      maximumLength: maximumLength,
      overLong: overLong,
      vocabularySize: tokenizer.vocabularySize
    )
  }

  private func sequences(
    _ maximumLength: Int,
    _ overLong: ExampleEncoder.OverLong
  ) throws -> [TokenBatch.Sequence?] {
    try encoder(maximumLength, overLong).sequences(of: examples, source: "rows.jsonl")
  }

  @Test("have as many tokens as transformers counts")
  func lengths() throws {
    let expected = try TinyChat.expected()
    let counts = try sequences(256, .error).compactMap { $0?.tokens.count }
    #expect(counts.count == 60)
    #expect(counts.max() == expected.longest)
    #expect(counts.reduce(0, +) == expected.trainTokens)
  }

  @Test("have the answer and its end token as targets, and nothing else")
  func targets() throws {
    for (sequence, example) in zip(try sequences(256, .error), examples) {
      let sequence = try #require(sequence)
      let targets = zip(sequence.tokens, sequence.isTarget).filter(\.1).map { Int($0.0) }
      let answer = try #require(example.messages.last).content
      #expect(tokenizer.decode(targets, skippingSpecialTokens: false) == answer + "<|im_end|>")
    }
  }

  @Test("of exactly the limit fit; one token more is an error that names file and line")
  func limit() throws {
    let longest = try TinyChat.expected().longest
    #expect(try sequences(longest, .error).allSatisfy { $0 != nil })
    let lengths = try sequences(256, .error).map { $0?.tokens.count ?? 0 }
    let first = try #require(lengths.firstIndex { $0 == longest }) + 1
    do {
      _ = try sequences(longest - 1, .error)
      Issue.record("an example of \(longest) tokens passed a limit of \(longest - 1)")
    } catch let error as TrainingError {
      #expect(error.code == .overLong)
      #expect(error.message.contains("rows.jsonl:\(first): "))
      #expect(error.message.contains("at most \(longest - 1) tokens"))
      // The text of the example is private.
      #expect(!error.message.contains("\"do\""))
    }
  }

  @Test("longer than the limit are left out, or cut off at it")
  func policies() throws {
    let whole = try sequences(256, .error)
    let skipped = try sequences(44, .skip)
    let truncated = try sequences(44, .truncate)
    #expect(skipped.count == 60 && truncated.count == 60)
    #expect(skipped.contains { $0 == nil } && skipped.contains { $0 != nil })
    for (index, sequence) in whole.enumerated() {
      let sequence = try #require(sequence)
      #expect(skipped[index] == (sequence.tokens.count > 44 ? nil : sequence))
      let kept = min(44, sequence.tokens.count)
      #expect(truncated[index]?.tokens == Array(sequence.tokens.prefix(kept)))
      #expect(truncated[index]?.isTarget == Array(sequence.isTarget.prefix(kept)))
    }
  }

  @Test("cut off before their answer are left out; when none remains, that is an error")
  func nothingLeft() throws {
    let starts = try sequences(256, .error).map { $0?.isTarget.firstIndex(of: true) ?? 0 }
    let limit = try #require(starts.sorted().dropFirst(20).first)
    for (sequence, start) in zip(try sequences(limit, .truncate), starts) {
      #expect((sequence == nil) == (start >= limit))
    }
    for rule in [ExampleEncoder.OverLong.skip, .truncate] {
      do {
        _ = try sequences(4, rule)
        Issue.record("examples without targets passed")
      } catch let error as TrainingError {
        #expect(error.code == .noExamples)
        #expect(error.message.contains("rows.jsonl") && error.message.contains("at most 4 tokens"))
      }
    }
  }

  @Test("of several turns have every answer as a target")
  func turns() throws {
    let talk = Example(messages: [
      ChatMessage(.user, "turn on the light"), ChatMessage(.assistant, "done"),
      ChatMessage(.user, "and off"), ChatMessage(.assistant, "off"),
    ])
    let encoded = try encoder(256, .error).sequences(of: [talk], source: "talk")
    let sequence = try #require(encoded[0])
    let targets = zip(sequence.tokens, sequence.isTarget).filter(\.1).map { Int($0.0) }
    let text = tokenizer.decode(targets, skippingSpecialTokens: false)
    #expect(text == "done<|im_end|>off<|im_end|>")
  }
}
