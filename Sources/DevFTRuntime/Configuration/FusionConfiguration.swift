/// How the layers of a group become one.
public struct FusionConfiguration: Equatable, Sendable {
  /// The rule.
  public enum Kind: String, Sendable, CaseIterable {
    case dblf, anchor, mean, sum
    case dblfRescaled = "dblf-rescaled"
  }

  /// Where the norm gains and biases of a representative come from.
  public enum Norms: String, Sendable, CaseIterable { case anchor, fuse }

  /// How the adapters of a group become one.
  public enum LoRA: String, Sendable, CaseIterable { case factors, anchor }

  /// The rule.
  public var kind = Kind.dblf
  /// Factor of each layer's difference from the anchor, from 0 to 1.
  public var beta = 0.1
  /// Whether beta is at most one over the group's size, so that the anchor keeps its share.
  public var guarded = false
  /// Where norm gains and biases come from.
  public var norms = Norms.fuse
  /// How the adapters become one.
  public var lora = LoRA.factors

  /// Creates the fusion of a recipe.
  ///
  /// - Parameter construction: The recipe.
  public init(_ construction: StagesConfiguration.Construction) {
    guard construction == .balanced else { return }
    guarded = true
    norms = .anchor
  }
}

extension FusionConfiguration.Kind: ConfigurationChoice {}
extension FusionConfiguration.Norms: ConfigurationChoice {}
extension FusionConfiguration.LoRA: ConfigurationChoice {}

extension FusionConfiguration: ConfigurationSection {
  static var standard: Self { Self(.paper) }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("kind", \.kind, meaning: "rule that combines base weights"),
      .value("beta", \.beta, .within(0...1), meaning: "factor of each difference from the anchor"),
      .value("guard", \.guarded, meaning: "keep beta at most one over the group's size"),
      .value(
        "norms",
        \.norms,
        meaning: "norm gains and biases: the anchor's, or fused like the rest"
      ),
      .value("lora", \.lora, meaning: "adapters: each factor fused by the rule, or the anchor's"),
    ]
  }
}
