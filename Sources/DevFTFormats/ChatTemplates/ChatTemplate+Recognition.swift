import Foundation

extension ChatTemplate {
  /// Recognises a model's own template by what is characteristic of the published ones.
  ///
  /// The default system turn is taken from the template itself, so that the tokens are those that the
  /// template would give. Templates that write more than turns (thinking, as in Qwen3) are not recognised: name
  /// a template instead. Where Llama 3.2 writes the day of today, its fixed fallback date is
  /// written, so that equal runs have equal tokens.
  ///
  /// - Parameter jinja: `chat_template` of `tokenizer_config.json` or `tokenizer.chat_template` of a
  ///   GGUF file.
  /// - Returns: The template, or `nil` when there is none or it is of another kind.
  public static func recognise(_ jinja: String?) -> ChatTemplate? {
    guard let jinja else { return nil }
    func has(_ parts: String...) -> Bool { parts.allSatisfy { jinja.contains($0) } }
    if has("<|im_start|>", "<|im_end|>") {
      return has("<think>") || has("reasoning_content") ? nil : chatML(from: jinja)
    }
    if has("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>") { return llama3(from: jinja) }
    if has("[INST]", "[/INST]", "<<SYS>>") { return ChatTemplate(.llama2) }
    if has("### Instruction:", "### Response:") { return ChatTemplate(.alpaca) }
    return nil
  }

  private static func chatML(from jinja: String) -> ChatTemplate {
    let literals = JinjaLiteral.literals(of: jinja)
    var template = ChatTemplate(.chatML)
    template.addsBegin = jinja.contains("bos_token")
    template.trimsContent = literals.contains { literal in
      literal.text == "content" && trims(literal.codeAfter)
    }
    template.defaultSystem = literals.lazy.compactMap(defaultSystem).first
    return template
  }

  /// Whether `message['content']` goes through a filter or method that trims.
  private static func trims(_ code: String) -> Bool {
    let code = code.filter { $0 != " " }
    return code.hasPrefix("]|trim") || code.hasPrefix("].strip()")
  }

  /// `'<|im_start|>system\nYou are …<|im_end|>'`, or a literal that a system variable is set to.
  private static func defaultSystem(in literal: JinjaLiteral) -> String? {
    let opening = "<|im_start|>system\n"
    if let start = literal.text.range(of: opening)?.upperBound {
      let rest = literal.text[start...]
      guard let end = rest.range(of: "<|im_end|>")?.lowerBound, start < end else { return nil }
      return String(rest[..<end])
    }
    let code = literal.codeBefore.filter { $0 != " " }
    return code.hasSuffix("setsystem_message=") && !literal.text.isEmpty ? literal.text : nil
  }

  private static func llama3(from jinja: String) -> ChatTemplate {
    var template = ChatTemplate(.llama3)
    guard jinja.contains("Cutting Knowledge Date: December 2023") else { return template }
    let date = JinjaLiteral.literals(of: jinja).first {
      $0.codeBefore.filter { $0 != " " }.hasSuffix("setdate_string=")
    }
    template.systemHeading =
      "Cutting Knowledge Date: December 2023\nToday Date: \(date?.text ?? "26 Jul 2024")\n\n"
    return template
  }
}
