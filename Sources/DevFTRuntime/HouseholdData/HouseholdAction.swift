/// What the assistant does: the answer of an example.
struct HouseholdAction: Equatable {
  /// A word or number of the answer.
  enum Value: Equatable {
    case text(String)
    case number(Int)
  }

  /// Name of the intent, such as `lights.on`.
  var name: String
  /// The arguments in the intent's fixed order.
  var arguments: [(key: String, value: Value)]

  /// One compact JSON object: `{"action":"lights.on","room":"den"}`.
  var json: String {
    let pairs = arguments.map { "\(JSONText.quoted($0.key)):\(Self.json($0.value))" }
    return "{" + (["\"action\":" + JSONText.quoted(name)] + pairs).joined(separator: ",") + "}"
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .text(let text): JSONText.quoted(text)
    case .number(let number): String(number)
    }
  }

  static func == (first: Self, second: Self) -> Bool { first.json == second.json }
}
