extension ChatTemplate {
  /// `<|im_start|>role\ncontent<|im_end|>\n` for each turn.
  func chatML(_ messages: [ChatMessage], _ addingGenerationPrompt: Bool) -> [TemplateSpan] {
    var spans: [TemplateSpan] = addsBegin ? [TemplateSpan(.begin)] : []
    for message in withSystem(messages) {
      let isTarget = message.role == .assistant
      let content = trimsContent ? message.content.trimmed : message.content
      spans.append(special: "<|im_start|>")
      spans.append(text: message.role.rawValue + "\n")
      spans.append(text: content, isTarget: isTarget)
      spans.append(TemplateSpan(answerEnd, isTarget: isTarget))
      spans.append(text: "\n")
    }
    if addingGenerationPrompt {
      spans.append(special: "<|im_start|>")
      spans.append(text: "assistant\n")
    }
    return spans
  }
}

extension String {
  /// The string without white space at both ends, as Python's `strip` has it.
  var trimmed: String {
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isSpace($0) }),
      let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
