/// Everything that decides what a run does, as one YAML file says it.
///
/// ```swift
/// let configuration = try RunConfiguration.load(
///   file: "demo.yaml", overrides: ["federation.method=fedit"])
/// ```
/// Each part is a value with defaults; what a key means, its unit and its range stand in
/// `ConfigurationReference.markdown`.
public struct RunConfiguration: Equatable, Sendable {
  /// Seed of every random stream of the run.
  public var seed: UInt64 = 7
  /// Name of a known model, a GGUF file, or a Hugging Face directory.
  public var model = ""
  /// The examples and their partition over clients.
  public var data = DataConfiguration()
  /// Shape and place of the adapter.
  public var lora = AdapterConfiguration()
  /// Clients, rounds and the method of aggregation.
  public var federation = FederationConfiguration()
  /// What a client does in one round.
  public var local = LocalConfiguration()
  /// Growth of the submodel; `nil`: all layers from the first round.
  public var stages: StagesConfiguration?
  /// Limits and number formats.
  public var memory = MemoryConfiguration()
  /// Bandwidths for the modelled transfer time.
  public var network = NetworkConfiguration()
  /// Speed of the clients' devices for modelled times.
  public var devices = DevicesConfiguration()
  /// When and on what the global model is evaluated.
  public var eval = EvaluationConfiguration()

  /// Creates a configuration with defaults for everything but the two required keys.
  ///
  /// - Parameters:
  ///   - model: Name of a known model, a GGUF file, or a Hugging Face directory.
  ///   - dataPath: JSONL file of training examples.
  public init(model: String, dataPath: String) {
    self.model = model
    data.path = dataPath
  }
}

extension RunConfiguration: ConfigurationSection {
  static var standard: Self { Self(model: "", dataPath: "") }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("seed", \.seed, meaning: "seed of every random draw of the run"),
      .value(
        "model",
        \.model,
        isRequired: true,
        meaning: "name of a known model, a GGUF file, or a Hugging Face directory; "
          + "a path holds a `/` or ends in `.gguf`"
      ),
      .section("data", \.data, meaning: "the examples and their partition over clients"),
      .section("lora", \.lora, meaning: "shape and place of the adapter"),
      .section(
        "federation",
        \.federation,
        meaning: "clients, rounds and the method of aggregation"
      ),
      .section("local", \.local, meaning: "what a client does in one round"),
      .optionalSection(
        "stages",
        \.stages,
        meaning: "growth of the submodel; null: all layers from the first round"
      ),
      .section("memory", \.memory, meaning: "limits and number formats"),
      .section("network", \.network, meaning: "bandwidths for the modelled transfer time"),
      .section(
        "devices",
        \.devices,
        meaning: "speed of the clients' devices for modelled times, and a deadline"
      ),
      .section("eval", \.eval, meaning: "when and on what the global model is evaluated"),
    ]
  }
}
