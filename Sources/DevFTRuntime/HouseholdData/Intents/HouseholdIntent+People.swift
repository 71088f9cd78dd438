extension HouseholdIntent {
  /// Messages and calls.
  static let people = [
    HouseholdIntent(
      name: "message.send",
      arguments: [("to", .person), ("text", .message)],
      commands: [
        "tell {to} that {text}", "send {to} a message that {text}", "let {to} know that {text}",
        "text {to} that {text}", "message {to} saying {text}", "write to {to} that {text}",
      ],
      remarks: ["{to} should know that {text}"]
    ),
    HouseholdIntent(
      name: "call.start",
      arguments: [("to", .person)],
      commands: [
        "call {to}", "ring {to}", "phone {to}", "get {to} on the phone", "start a call with {to}",
        "give {to} a call", "dial {to}", "put me through to {to}",
      ],
      remarks: ["I want to talk to {to}", "I need to speak with {to}"]
    ),
  ]
}
