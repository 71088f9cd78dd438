/// One of the seven linear maps of a decoder layer.
public enum Projection: String, CaseIterable, Codable, Hashable, Sendable {
  /// Queries, `[H·K, D]`.
  case q
  /// Keys, `[G·K, D]`.
  case k
  /// Values, `[G·K, D]`.
  case v
  /// Output of the attention, `[D, H·K]`.
  case o
  /// Gate of the feed-forward part, `[F, D]`.
  case gate
  /// Its other input, `[F, D]`.
  case up
  /// Its output, `[D, F]`.
  case down

  /// Last part of the module's name, such as `q_proj`: what PEFT lists as a target.
  public var targetName: String { "\(rawValue)_proj" }

  /// Name of the module within its layer, such as `self_attn.q_proj`.
  public var moduleName: String {
    switch self {
    case .q, .k, .v, .o: "self_attn.\(targetName)"
    case .gate, .up, .down: "mlp.\(targetName)"
    }
  }

  /// Name of the weight, `[out, in]`, within its layer.
  public var weightName: String { "\(moduleName).weight" }

  /// Name of the bias, `[out]`, within its layer.
  public var biasName: String { "\(moduleName).bias" }

  /// Name of the adapter's down projection, `[R, in]`, within its layer.
  public var loraAName: String { "\(moduleName).lora_A.weight" }

  /// Name of the adapter's up projection, `[out, R]`, within its layer.
  public var loraBName: String { "\(moduleName).lora_B.weight" }

  /// Number of inputs.
  ///
  /// - Parameter architecture: The model.
  /// - Returns: Length of the weight's second axis.
  public func inputWidth(in architecture: ModelArchitecture) -> Int {
    switch self {
    case .q, .k, .v, .gate, .up: architecture.width
    case .o: architecture.headCount * architecture.headWidth
    case .down: architecture.feedForwardWidth
    }
  }

  /// Number of outputs.
  ///
  /// - Parameter architecture: The model.
  /// - Returns: Length of the weight's first axis.
  public func outputWidth(in architecture: ModelArchitecture) -> Int {
    switch self {
    case .q: architecture.headCount * architecture.headWidth
    case .k, .v: architecture.keyValueHeadCount * architecture.headWidth
    case .o, .down: architecture.width
    case .gate, .up: architecture.feedForwardWidth
    }
  }
}
