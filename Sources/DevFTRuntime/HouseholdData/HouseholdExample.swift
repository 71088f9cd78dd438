/// One row of the demo's data: a request of a household and the action that answers it.
public struct HouseholdExample: Hashable, Sendable {
  /// Name of the household, `h01` to `h24`.
  public var household: String
  /// Name of the action, such as `lights.on`.
  public var intent: String
  /// What somebody says.
  public var request: String
  /// The action as one compact JSON object.
  public var answer: String

  /// The row as a line of a JSONL file, without the line's end.
  public var jsonLine: String {
    let user = "{\"role\":\"user\",\"content\":\(JSONText.quoted(request))}"
    let assistant = "{\"role\":\"assistant\",\"content\":\(JSONText.quoted(answer))}"
    return "{\"household\":\(JSONText.quoted(household)),\"intent\":\(JSONText.quoted(intent)),"
      + "\"messages\":[\(user),\(assistant)]}"
  }
}
