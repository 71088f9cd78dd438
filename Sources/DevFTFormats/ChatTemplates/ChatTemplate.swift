/// How a conversation is written down for a model.
///
/// Rendering gives spans instead of a string: special tokens are placed by name, never by parsing text, and
/// each span says whether it is to be learnt. Targets are the assistant's turns and the token that ends
/// them, nothing else.
///
/// ```swift
/// let template = ChatTemplate.recognise(configuration.chatTemplate) ?? ChatTemplate(.alpaca)
/// let spans = try template.render([ChatMessage(.user, "Hi")], addingGenerationPrompt: true)
/// ```
public struct ChatTemplate: Hashable, Sendable {
  /// The published forms; raw values are what configurations and options spell.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    /// `<|im_start|>role` … `<|im_end|>`: SmolLM2, Qwen2.
    case chatML = "chatml"
    /// `[INST] … [/INST]` with `<<SYS>>`.
    case llama2
    /// `<|start_header_id|>role<|end_header_id|>` … `<|eot_id|>`.
    case llama3
    /// `### Instruction:` and `### Response:` after a preamble.
    case alpaca
    /// The texts one after the other, and the end token after answers.
    case plain
  }

  /// The form.
  public var format: Format
  /// System turn of conversations that begin without one; `nil` leaves it out.
  public var defaultSystem: String?
  /// Whether ChatML begins with the beginning-of-text token.
  public var addsBegin = false
  /// Whether ChatML takes white space off both ends of each turn.
  public var trimsContent = false
  /// What Llama 3.1 writes at the head of each system turn; `nil` for Llama 3.
  public var systemHeading: String?

  /// Makes the plain form of a template.
  ///
  /// - Parameter format: The form.
  public init(_ format: Format) { self.format = format }

  /// Renders a conversation.
  ///
  /// - Parameters:
  ///   - messages: The turns. Llama 2 wants user and assistant to alternate.
  ///   - addingGenerationPrompt: Whether the head of an answer follows, for the model to go on from.
  /// - Returns: The spans.
  /// - Throws: `FormatError` with code `malformed` when the template cannot hold these turns.
  public func render(
    _ messages: [ChatMessage],
    addingGenerationPrompt: Bool = false
  ) throws(FormatError) -> [TemplateSpan] {
    switch format {
    case .chatML: chatML(messages, addingGenerationPrompt)
    case .llama2: try llama2(messages)
    case .llama3: llama3(messages, addingGenerationPrompt)
    case .alpaca: alpaca(messages, instruction: nil, addingGenerationPrompt)
    case .plain: plain(messages)
    }
  }

  /// Renders an example; Alpaca sets its input apart, all others render its messages.
  ///
  /// - Parameter example: The example.
  /// - Returns: The spans.
  /// - Throws: `FormatError` with code `malformed` when the template cannot hold its turns.
  public func render(_ example: Example) throws(FormatError) -> [TemplateSpan] {
    guard format == .alpaca else { return try render(example.messages) }
    return alpaca(example.messages, instruction: example.instruction, false)
  }

  /// Renders an example without its last answer, with the head for the model to go on from.
  ///
  /// - Parameter example: The example; the answer of the last turn is left out.
  /// - Returns: Spans whose tokens begin those of `render(_:)`.
  /// - Throws: `FormatError` with code `malformed` when the template cannot hold its turns.
  public func renderPrompt(_ example: Example) throws(FormatError) -> [TemplateSpan] {
    let endsAnswered = example.messages.last?.role == .assistant
    let messages = Array(endsAnswered ? example.messages.dropLast() : example.messages[...])
    guard format == .alpaca else { return try render(messages, addingGenerationPrompt: true) }
    return alpaca(messages, instruction: example.instruction, true)
  }

  /// What ends an answer.
  public var answerEnd: TemplateSpan.Piece {
    switch format {
    case .chatML: .special("<|im_end|>")
    case .llama3: .special("<|eot_id|>")
    case .llama2, .alpaca, .plain: .end
    }
  }

  /// The conversation with the default system turn where it has none.
  func withSystem(_ messages: [ChatMessage]) -> [ChatMessage] {
    guard let defaultSystem, messages.first?.role != .system else { return messages }
    return [ChatMessage(.system, defaultSystem)] + messages
  }
}
