/// The examples of a run.
public struct DataConfiguration: Equatable, Sendable {
  /// What becomes of an example longer than the maximum.
  public enum OverLong: String, Sendable, CaseIterable { case error, truncate, skip }

  /// How messages are laid out for the model.
  public enum Template: String, Sendable, CaseIterable {
    case auto, chatml, llama2, llama3, alpaca
  }

  /// JSONL file of training examples.
  public var path = ""
  /// JSONL file of held-out examples, if any.
  public var eval: String?
  /// How the examples are dealt to the clients.
  public var partition = PartitionConfiguration()
  /// Longest example in tokens, from 2 to 1,048,576.
  public var maxLength = 256
  /// How messages are laid out; `auto`: by the model's own template.
  public var template = Template.auto
  /// What becomes of a longer example.
  public var overLong = OverLong.error

  /// Creates the defaults.
  public init() {}
}

extension DataConfiguration.OverLong: ConfigurationChoice {}
extension DataConfiguration.Template: ConfigurationChoice {}

extension DataConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "path",
        \.path,
        isRequired: true,
        meaning: "JSONL file of training examples, also `.gz`"
      ),
      .optional("eval", \.eval, meaning: "JSONL file of held-out examples; null: no evaluation"),
      .section("partition", \.partition, meaning: "how the examples are dealt to the clients"),
      .value(
        "max_length",
        \.maxLength,
        .within(2...1_048_576),
        meaning: "longest example, in tokens"
      ),
      .value("template", \.template, meaning: "layout of the messages; auto: the model's own"),
      .value("over_long", \.overLong, meaning: "what becomes of an example that is longer"),
    ]
  }
}
