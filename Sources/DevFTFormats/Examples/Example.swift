/// One row of a data set: a conversation whose assistant turns are to be learnt, or a text and its class.
public struct Example: Hashable, Sendable {
  /// An instruction and what it is about, kept apart for templates that set them apart (Alpaca).
  public struct Instruction: Hashable, Sendable {
    /// What to do.
    public var text: String
    /// What to do it with, often empty.
    public var input: String

    /// Pairs an instruction with its input.
    ///
    /// - Parameters:
    ///   - text: What to do.
    ///   - input: What to do it with.
    public init(_ text: String, input: String = "") {
      self.text = text
      self.input = input
    }

    /// Instruction and input as one user turn: an empty line between, nothing when there is no input.
    public var userContent: String { input.isEmpty ? text : text + "\n\n" + input }
  }

  /// The conversation; at least one turn is the assistant's.
  public var messages: [ChatMessage]
  /// Instruction and input, where the row gives them; the first user turn holds them joined.
  public var instruction: Instruction?
  /// A text, or a pair of texts, and its class, where the row gives them; the turns hold them as a
  /// question and its answer.
  public var labelled: LabelledText?
  /// The other top-level values of the row that are strings, numbers or Booleans, as spelt.
  public var fields: [String: String]
  /// Line of the file it was read from, from 1, or `nil`.
  public var line: Int?

  /// Makes an example from a conversation.
  ///
  /// - Parameters:
  ///   - messages: The conversation.
  ///   - fields: What else is known about it.
  public init(messages: [ChatMessage], fields: [String: String] = [:]) {
    self.messages = messages
    self.fields = fields
  }

  /// Makes an example from an instruction and its answer.
  ///
  /// - Parameters:
  ///   - instruction: What to do, and with what.
  ///   - answer: What the assistant says.
  ///   - fields: What else is known about it.
  public init(instruction: Instruction, answer: String, fields: [String: String] = [:]) {
    self.instruction = instruction
    self.fields = fields
    messages = [
      ChatMessage(.user, instruction.userContent), ChatMessage(.assistant, answer),
    ]
  }

  /// Makes an example from a text and its class.
  ///
  /// - Parameters:
  ///   - labelled: The text and its class.
  ///   - fields: What else is known about it.
  public init(labelled: LabelledText, fields: [String: String] = [:]) {
    self.labelled = labelled
    self.fields = fields
    let question = [labelled.text, labelled.pair].compactMap(\.self).joined(separator: "\n\n")
    messages = [ChatMessage(.user, question), ChatMessage(.assistant, labelled.label)]
  }
}

extension Example {
  /// Whether two examples say the same; where they were read from plays no part.
  ///
  /// - Parameters:
  ///   - first: An example.
  ///   - second: Another.
  /// - Returns: Whether turns, instruction and fields are equal.
  public static func == (first: Example, second: Example) -> Bool {
    first.messages == second.messages && first.instruction == second.instruction
      && first.fields == second.fields && first.labelled == second.labelled
  }

  /// Feeds what equality looks at.
  ///
  /// - Parameter hasher: Receives it.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(messages)
    hasher.combine(instruction)
    hasher.combine(fields)
    hasher.combine(labelled)
  }
}
