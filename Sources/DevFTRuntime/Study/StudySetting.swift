/// A configuration key that a budget sets, and where its value comes from.
public struct StudySetting: Equatable, Sendable {
  /// Where a value comes from.
  public enum Label: String, Sendable, CaseIterable {
    /// It stands in the publication.
    case published
    /// It follows from published numbers.
    case inferred
    /// It is this project's choice.
    case ours
  }

  /// Full key, such as `lora.rank`.
  public var key: String
  /// The value as YAML.
  public var value: String
  /// Where the value comes from, if the file says so.
  public var label: Label?
}

extension StudySetting.Label: ConfigurationChoice {}
