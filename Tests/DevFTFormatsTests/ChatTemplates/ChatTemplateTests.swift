import DevFTFormats
import Testing

@Suite("Chat templates")
struct ChatTemplateTests {
  static let conversation = [
    ChatMessage(.system, "Be brief."), ChatMessage(.user, "One?"), ChatMessage(.assistant, "1"),
    ChatMessage(.user, "Two?"), ChatMessage(.assistant, "2"),
  ]

  @Test(
    "the targets are every answer with its end token, and nothing else",
    arguments: [
      (ChatTemplate.Format.chatML, "1<|im_end|>2<|im_end|>"),
      (.llama2, " 1 </s> 2 </s>"),
      (.llama3, "1<|eot_id|>2<|eot_id|>"),
      (.alpaca, "1</s>2</s>"),
      (.plain, "1</s>2</s>"),
    ]
  )
  func targets(format: ChatTemplate.Format, expected: String) throws {
    #expect(try ChatTemplate(format).render(Self.conversation).targets == expected)
  }

  @Test("Alpaca with an input sets it apart")
  func alpacaWithInput() throws {
    let example = Example(
      instruction: Example.Instruction("Translate.", input: "Licht"),
      answer: "light"
    )
    let spans = try ChatTemplate(.alpaca).render(example)
    #expect(
      spans.spelt == """
        Below is an instruction that describes a task, paired with an input that provides further \
        context. Write a response that appropriately completes the request.

        ### Instruction:
        Translate.

        ### Input:
        Licht

        ### Response:
        light</s>
        """
    )
    #expect(spans.targets == "light</s>")
  }

  @Test("Alpaca without an input leaves its section out")
  func alpacaWithoutInput() throws {
    let example = Example(instruction: Example.Instruction("Name a colour."), answer: "red")
    #expect(
      try ChatTemplate(.alpaca).render(example).spelt == """
        Below is an instruction that describes a task. Write a response that appropriately \
        completes the request.

        ### Instruction:
        Name a colour.

        ### Response:
        red</s>
        """
    )
    let prompt = try ChatTemplate(.alpaca).render(
      [ChatMessage(.user, "Name a colour.")],
      addingGenerationPrompt: true
    )
    #expect(try ChatTemplate(.alpaca).render(example).spelt == prompt.spelt + "red</s>")
  }

  @Test("other templates get instruction and input as one turn, an empty line between")
  func joinsInput() throws {
    let example = Example(instruction: Example.Instruction("Say it.", input: "Yes"), answer: "yes")
    #expect(
      try ChatTemplate(.chatML).render(example).spelt
        == "<|im_start|>user\nSay it.\n\nYes<|im_end|>\n<|im_start|>assistant\nyes<|im_end|>\n"
    )
  }

  @Test("the plain template puts nothing between prompt and completion")
  func plain() throws {
    let messages = [ChatMessage(.user, "2+2="), ChatMessage(.assistant, "4")]
    let spans = try ChatTemplate(.plain).render(messages)
    #expect(
      spans == [
        TemplateSpan(.ownBegin), TemplateSpan(.text("2+2=")),
        TemplateSpan(.text("4"), isTarget: true), TemplateSpan(.end, isTarget: true),
      ]
    )
  }

  @Test("Llama 2 refuses turns out of order, naming the turn")
  func refusesOrder() {
    let error = #expect(throws: FormatError.self) {
      try ChatTemplate(.llama2).render([ChatMessage(.user, "a"), ChatMessage(.user, "b")])
    }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("turn 2") == true)
  }

  @Test(
    "templates of other kinds are not recognised",
    arguments: [
      nil, "", "{{ '<|user|>\n' + content + '</s>' }}", "[INST] {{ content }} [/INST]",
      "<|im_start|>{{ role }}<|im_end|>{% if reasoning_content %}<think>{% endif %}",
    ]
  )
  func unrecognised(jinja: String?) {
    #expect(ChatTemplate.recognise(jinja) == nil)
  }

  @Test(
    "unfinished Jinja does not disturb recognition",
    arguments: ["{{ '", "{% \"\\", "{# x", "{{"]
  )
  func unfinished(tail: String) {
    let template = ChatTemplate.recognise("{{'<|im_start|>system\nHi<|im_end|>'}}" + tail)
    #expect(template?.defaultSystem == "Hi")
  }

  @Test("formats are named as configurations spell them")
  func names() {
    let names = ChatTemplate.Format.allCases.map(\.rawValue)
    #expect(names == ["chatml", "llama2", "llama3", "alpaca", "plain"])
  }
}
