import DevFTRuntime

/// What a client says of itself.
struct Greeting: Equatable, Sendable {
  /// The number that its node was started with (`partition-id`), or `nil`.
  var number: Int?
  /// Examples that it can train on.
  var exampleCount: Int
  /// Whether it does not hold the base model, and is to be sent the file of each stage.
  var needsBase = false
}

extension RecordSet {
  /// What a client answers to a greeting.
  init(_ greeting: Greeting) {
    settings[RecordName.client] = [
      "version": .integer(RecordName.version),
      "program": .text(ProgramVersion.current),
      "number": .integer(Int64(greeting.number ?? -1)),
      "examples": .integer(Int64(greeting.exampleCount)),
      "needs_base": .integer(greeting.needsBase ? 1 : 0),
    ]
  }

  /// What a client answered to a greeting.
  ///
  /// - Throws: `FlowerError` with code `malformed` or `unsupported`.
  func greeting() throws(FlowerError) -> Greeting {
    let record = try settings(RecordName.client)
    try record.checkVersion()
    let number = try record.integer("number", in: -1...1_000_000_000)
    return Greeting(
      number: number < 0 ? nil : number,
      exampleCount: try record.integer("examples", in: 0...1_000_000_000),
      // A site with a program of its own need not know of it.
      needsBase: record["needs_base"] == .integer(1)
    )
  }
}
