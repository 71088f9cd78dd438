/// What the forward pass keeps for the backward pass.
public enum Recomputation: String, CaseIterable, Codable, Sendable {
  /// Every activation that the backward pass wants.
  case never
  /// The residual stream before each block; the rest is computed again, block by block.
  case always
}
