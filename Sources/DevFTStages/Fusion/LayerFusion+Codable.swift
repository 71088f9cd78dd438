extension LayerFusion: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, beta, norms
    case isGuarded = "guard"
    case adapter = "lora"
  }

  /// The keys of a configuration, in the order in which they are documented.
  public static var configurationKeys: [String] { CodingKeys.allCases.map(\.rawValue) }

  /// Checks the numbers among the options.
  ///
  /// - Throws: `StagesError` with code `invalidOption`.
  public func validate() throws(StagesError) {
    guard (0...1).contains(beta) else {
      throw StagesError(.invalidOption, "fusion.beta: expected a number from 0 to 1, got \(beta)")
    }
  }

  /// Reads the options that are given; the others stay the paper's.
  ///
  /// - Parameter decoder: Holds a mapping such as `{ kind: dblf, beta: 0.1 }`.
  /// - Throws: `StagesError` with code `invalidOption` when a name or number is not known.
  public init(from decoder: any Decoder) throws {
    try self.init(from: decoder, defaults: LayerFusion())
  }

  /// Reads the options that are given; the others stay the defaults.
  init(from decoder: any Decoder, defaults: LayerFusion) throws {
    self = defaults
    let options = try decoder.container(keyedBy: CodingKeys.self)
    kind = try options.option(.kind, default: kind)
    beta = try options.value(.beta, default: beta)
    isGuarded = try options.value(.isGuarded, default: isGuarded)
    norms = try options.option(.norms, default: norms)
    adapter = try options.option(.adapter, default: adapter)
    try validate()
  }

  /// Writes all options.
  ///
  /// - Parameter encoder: Receives a mapping.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var options = encoder.container(keyedBy: CodingKeys.self)
    try options.encode(kind, forKey: .kind)
    try options.encode(beta, forKey: .beta)
    try options.encode(isGuarded, forKey: .isGuarded)
    try options.encode(norms, forKey: .norms)
    try options.encode(adapter, forKey: .adapter)
  }
}
