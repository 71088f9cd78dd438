import DevFTEvaluation
import DevFTFormats
import DevFTModel
import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@Suite("Answers held against the expected ones")
struct AnswerMatchTests {
  private let file: any ModelFile
  private let tokenizer: Tokenizer
  private let template: ChatTemplate
  private let decoder: Decoder
  private let adapter: AdapterOperands

  init() throws {
    file = try openModelFile(at: TinyChat.model)
    tokenizer = try Tokenizer(file.tokenizerSource)
    template = try #require(try ChatTemplate.recognise(in: file.tokenizerSource))
    decoder = try Decoder(file, precision: .float32, maximumLength: 128)
    let peft = try PEFTAdapter(directory: TinyChat.adapter)
    adapter = decoder.operands(peft.layers, scale: Float(peft.configuration.scale))
  }

  private func match(_ examples: [Example], tokens: Int = 16) throws -> AnswerMatch {
    try AnswerMatch(
      examples,
      decoder: decoder,
      adapter: adapter,
      tokenizer: tokenizer,
      template: template,
      stopTokens: [Int32(try #require(tokenizer.eosID))],
      maximumTokens: tokens
    )
  }

  private func example(_ prompt: String, _ answer: String) -> Example {
    Example(messages: [ChatMessage(.user, prompt), ChatMessage(.assistant, answer)])
  }

  @Test("are those of transformers and PEFT, and match apart from white space at the ends")
  func reference() throws {
    let expected = try TinyChat.expected().generation
    let examples = [
      example(expected.prompt, "\n " + expected.answer + " \n"),
      example(expected.prompt, expected.answer + "."),
    ]
    let match = try match(examples)
    let answer = expected.answer.trimmingCharacters(in: .whitespaces)
    #expect(match.answers == [answer, answer])
    #expect(match.expected == [answer, answer + "."])
    #expect(match.exactShare == 0.5)
  }

  @Test("stand in the order of the examples, whatever their lengths, and do not see each other")
  func order() throws {
    let examples = try ExamplesReader.examples(in: TinyChat.train)
    let together = try match(examples, tokens: 6)
    #expect(together.expected == examples.map { $0.messages.last?.content })
    #expect(together.answers.count == 60)
    for index in [0, 7, 31, 32, 59] {
      #expect(try match([examples[index]], tokens: 6).answers == [together.answers[index]])
    }
  }

  @Test("of no examples are none")
  func none() throws {
    let match = try match([])
    #expect(match.answers.isEmpty)
    #expect(match.exactShare == 0)
  }
}
