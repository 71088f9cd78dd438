extension ChatTemplate {
  /// `<s>[INST] user [/INST] assistant </s>`, the system turn inside the first user turn.
  func llama2(_ messages: [ChatMessage]) throws(FormatError) -> [TemplateSpan] {
    let all = withSystem(messages)
    let system = all.first.flatMap { $0.role == .system ? $0.content : nil }
    var spans: [TemplateSpan] = []
    for (index, message) in all.dropFirst(system == nil ? 0 : 1).enumerated() {
      guard message.role == (index % 2 == 0 ? .user : .assistant) else {
        throw FormatError(
          .malformed,
          "template llama2: expected user and assistant in turn, found \(message.role.rawValue) "
            + "as turn \(index + 1)"
        )
      }
      if message.role == .user {
        let heading = index == 0 ? system.map { "<<SYS>>\n\($0)\n<</SYS>>\n\n" } ?? "" : ""
        spans.append(TemplateSpan(.begin))
        spans.append(text: "[INST] " + (heading + message.content).trimmed + " [/INST]")
      } else {
        spans.append(text: " " + message.content.trimmed + " ", isTarget: true)
        spans.append(TemplateSpan(answerEnd, isTarget: true))
      }
    }
    return spans
  }

  /// `<|start_header_id|>role<|end_header_id|>\n\ncontent<|eot_id|>` for each turn.
  func llama3(_ messages: [ChatMessage], _ addingGenerationPrompt: Bool) -> [TemplateSpan] {
    var spans = [TemplateSpan(.begin)]
    func appendHead(_ role: ChatMessage.Role) {
      spans.append(special: "<|start_header_id|>")
      spans.append(text: role.rawValue)
      spans.append(special: "<|end_header_id|>")
      spans.append(text: "\n\n")
    }
    for (index, message) in withHeading(withSystem(messages)).enumerated() {
      let isTarget = message.role == .assistant
      appendHead(message.role)
      if index == 0, let systemHeading { spans.append(text: systemHeading) }
      spans.append(text: message.content.trimmed, isTarget: isTarget)
      spans.append(TemplateSpan(answerEnd, isTarget: isTarget))
    }
    if addingGenerationPrompt { appendHead(.assistant) }
    return spans
  }

  /// A heading wants a system turn to stand in, be it empty.
  private func withHeading(_ messages: [ChatMessage]) -> [ChatMessage] {
    guard systemHeading != nil, messages.first?.role != .system else { return messages }
    return [ChatMessage(.system, "")] + messages
  }
}
