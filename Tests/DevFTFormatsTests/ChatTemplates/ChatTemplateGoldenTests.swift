import DevFTFormats
import Testing

@Suite("Templates agree with the models' own")
struct ChatTemplateGoldenTests {
  @Test("in the text of every conversation", arguments: TemplateFixture.names)
  func rendersAsJinja(name: String) throws {
    let fixture = try TemplateFixture(name)
    let template = try #require(ChatTemplate.recognise(fixture.jinja))
    let conversations = try TemplateFixture.conversations()
    #expect(conversations.count == fixture.texts.count && conversations.count >= 6)
    for (messages, expected) in zip(conversations, fixture.texts) {
      #expect(try template.render(messages).spelt == expected[0])
      let prompt = try template.render(messages, addingGenerationPrompt: true)
      #expect(prompt.spelt == expected[1])
    }
  }

  @Test("in the tokens of every conversation", arguments: TemplateFixture.namesWithTokenizers)
  func tokenizesAsTheLibrary(name: String) throws {
    let fixture = try TemplateFixture(name)
    let template = try #require(ChatTemplate.recognise(fixture.jinja))
    let tokenizer = try #require(fixture.tokenizer)
    for (messages, expected) in zip(try TemplateFixture.conversations(), fixture.ids) {
      let example = try TokenizedExample(template.render(messages), tokenizer: tokenizer)
      #expect(example.tokens.map(Int.init) == expected)
      #expect(example.isTarget.count == example.count)
    }
  }
}
