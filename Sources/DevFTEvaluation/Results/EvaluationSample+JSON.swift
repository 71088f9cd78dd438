import DevFTFormats

extension EvaluationSample {
  /// The sample as one line of JSON, keys sorted.
  public var line: String {
    var members: [JSONValue.Member] = [
      .init("id", .string(id)), .init("question", .string(question)),
      .init("expected", .string(expected)), .init("answer", .string(answer)),
      .init("right", .boolean(isRight)),
    ]
    if !group.isEmpty { members.append(.init("group", .string(group))) }
    if !scores.isEmpty { members.append(.init("scores", .array(scores.map(Self.number)))) }
    members += numbers.map { .init($0.key, Self.number($0.value)) }
    return JSONValue.object(members).encoded
  }

  /// JSON knows no infinity: a number that is none becomes `null`.
  private static func number(_ value: Double) -> JSONValue {
    value.isFinite ? .number("\(value)") : .null
  }
}
