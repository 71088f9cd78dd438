extension ChatTemplate {
  private static let preambleWithInput =
    "Below is an instruction that describes a task, paired with an input that provides further "
    + "context. Write a response that appropriately completes the request."
  private static let preamble =
    "Below is an instruction that describes a task. "
    + "Write a response that appropriately completes the request."

  /// The two published forms, with an input and without.
  ///
  /// A system turn takes the place of the preamble; later user turns follow as further instructions.
  ///
  /// - SeeAlso: <https://github.com/tatsu-lab/stanford_alpaca#data-release>.
  func alpaca(
    _ messages: [ChatMessage],
    instruction: Example.Instruction?,
    _ addingGenerationPrompt: Bool
  ) -> [TemplateSpan] {
    var spans = [TemplateSpan(.ownBegin)]
    var system = defaultSystem
    var isFirst = true
    for message in messages {
      switch message.role {
      case .system: system = message.content
      case .user:
        let own = Example.Instruction(message.content)
        let asked = isFirst ? instruction ?? own : own
        let standard = asked.input.isEmpty ? Self.preamble : Self.preambleWithInput
        spans.append(text: isFirst ? system ?? standard : "")
        spans.append(text: Self.sections(asked))
        isFirst = false
      case .assistant:
        spans.append(text: Self.responseHead)
        spans.append(text: message.content, isTarget: true)
        spans.append(TemplateSpan(answerEnd, isTarget: true))
      }
    }
    if addingGenerationPrompt { spans.append(text: Self.responseHead) }
    return spans
  }

  private static let responseHead = "\n\n### Response:\n"

  private static func sections(_ instruction: Example.Instruction) -> String {
    let input = instruction.input.isEmpty ? "" : "\n\n### Input:\n" + instruction.input
    return "\n\n### Instruction:\n" + instruction.text + input
  }

  /// The texts as they stand, nothing between them, and the end token after each answer.
  func plain(_ messages: [ChatMessage]) -> [TemplateSpan] {
    var spans = [TemplateSpan(.ownBegin)]
    for message in withSystem(messages) {
      let isTarget = message.role == .assistant
      spans.append(text: message.content, isTarget: isTarget)
      if isTarget { spans.append(TemplateSpan(answerEnd, isTarget: true)) }
    }
    return spans
  }
}
