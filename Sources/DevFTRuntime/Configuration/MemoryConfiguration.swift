/// Limits and number formats.
public struct MemoryConfiguration: Equatable, Sendable {
  /// Number format of matrix products.
  public enum Precision: String, Sendable, CaseIterable { case f32, bf16, int8 }

  /// How frozen matrices are kept.
  public enum Weights: String, Sendable, CaseIterable { case auto, expanded, stored }

  /// Whether activations are computed again in the backward pass.
  public enum Recompute: String, Sendable, CaseIterable { case auto, always, never }

  /// Memory that a client may use; `nil`: no limit.
  public var budget: ByteSize?
  /// Number format of matrix products.
  public var precision = Precision.bf16
  /// How frozen matrices are kept; `auto`: stored when the budget asks for it.
  public var weights = Weights.auto
  /// Whether activations are computed again; `auto`: when the budget asks for it.
  public var recompute = Recompute.auto

  /// Creates the defaults.
  public init() {}
}

extension MemoryConfiguration.Precision: ConfigurationChoice {}
extension MemoryConfiguration.Weights: ConfigurationChoice {}
extension MemoryConfiguration.Recompute: ConfigurationChoice {}

extension MemoryConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .optional(
        "budget",
        \.budget,
        .above(ByteSize(byteCount: 0)),
        meaning: "memory that a client may use; null: no limit"
      ),
      .value(
        "precision",
        \.precision,
        meaning: "number format of matrix products; int8: frozen matrices, the rest bf16"
      ),
      .value(
        "weights",
        \.weights,
        meaning:
          "frozen matrices: expanded in memory, or stored as in the file (fused ones as Q8_0) "
          + "and expanded when multiplied; auto: stored when the budget asks for it"
      ),
      .value(
        "recompute",
        \.recompute,
        meaning: "compute activations again in the backward pass; auto: when the budget asks for it"
      ),
    ]
  }
}
