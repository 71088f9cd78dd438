import DevFTStages

extension LayerFusion.Kind: ConfigurationChoice {}
extension LayerFusion.Handling: ConfigurationChoice {}

extension LayerFusion: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value("kind", \.kind, meaning: "rule that combines base weights"),
      .value("beta", \.beta, .within(0...1), meaning: "weight of each member but the anchor"),
      .value("guard", \.isGuarded, meaning: "keep beta at most one over the group's size"),
      .value("norms", \.norms, meaning: "what norm gains and biases are made from"),
      .value("lora", \.adapter, meaning: "what adapters are made from"),
    ]
  }
}
