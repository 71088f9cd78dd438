import DevFTTensor

/// How a household addresses the assistant and writes down what it says.
struct Manners {
  /// Name that the household gave the assistant, or empty.
  var nickname: String
  /// What may stand before a command; empty for nothing.
  var openers: [String]
  /// What may stand after a command; empty for nothing.
  var closers: [String]
  /// Whether a request starts with a capital.
  var capitalises: Bool
  /// Whether a request ends with a mark.
  var punctuates: Bool

  private static let nicknames = ["Pip", "Nova", "computer", "house", "Mimi", "Otto", "helper"]
  private static let allOpeners = ["", "please", "can you", "could you", "okay,", "hey,"]
  private static let allClosers = ["", "", " please", ", thanks", ", thank you"]

  /// Draws the manners of a household.
  init(_ stream: inout RandomStream) {
    nickname = stream.nextUniform() < 0.3 ? stream.nextChoice(from: Self.nicknames) : ""
    // After a name, another call for attention would be one too many.
    let fitting = nickname.isEmpty ? Self.allOpeners : Self.allOpeners.filter { !$0.hasSuffix(",") }
    openers = [""] + stream.nextChoices(2, from: fitting)
    closers = ["", ""] + stream.nextChoices(1, from: Self.allClosers)
    capitalises = stream.nextUniform() < 0.5
    punctuates = stream.nextUniform() < 0.5
  }

  /// Turns a phrase into a request.
  ///
  /// - Parameters:
  ///   - phrase: The words, without capital or final mark.
  ///   - isCommand: Whether the phrase is an imperative that can be wrapped politely.
  ///   - mayClose: Whether a polite word may follow.
  ///   - stream: Source of the choice among the household's habits.
  /// - Returns: What the household says.
  func request(
    _ phrase: String,
    isCommand: Bool,
    mayClose: Bool,
    _ stream: inout RandomStream
  ) -> String {
    let opener = isCommand ? stream.nextChoice(from: openers) : ""
    // Two pleases are one too many.
    let closer = isCommand && mayClose && opener.isEmpty ? stream.nextChoice(from: closers) : ""
    let address = nickname.isEmpty ? "" : nickname + ","
    let words = [address, opener, phrase].filter { !$0.isEmpty }.joined(separator: " ") + closer
    let start = capitalises ? words.prefix(1).uppercased() + words.dropFirst() : words
    return punctuates ? start + (Self.asks(opener.isEmpty ? phrase : opener) ? "?" : ".") : start
  }

  /// Whether words begin a question.
  private static func asks(_ words: String) -> Bool {
    let starts = ["can", "could", "what's", "will", "do", "how", "is"]
    return starts.contains(String(words.prefix { $0 != " " }))
  }
}
