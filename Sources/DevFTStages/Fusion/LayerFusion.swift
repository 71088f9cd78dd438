/// How the layers of a group become one representative layer.
///
/// The paper's differential-based fusion (`dblf`): `θ̃ = θ_a + β Σ_{j ∈ g} (θ_j − θ_a)` for the anchor
/// `a`, the lowest layer of group `g`, on base weights and adapters alike. It is a weighted sum whose
/// weights add up to 1: `1 − β (m − 1)` on the anchor and `β` on each of the `m − 1` others. `β = 0`
/// gives the anchor, `β = 1/m` the mean; the anchor's weight is negative from `m > 1 + 1/β`.
/// `init()` gives the paper's choices.
///
/// - SeeAlso: DevFT, layer fusion, <https://arxiv.org/abs/2508.00041>.
public struct LayerFusion: Equatable, Sendable {
  /// Which combination of a group's layers.
  public enum Kind: String, StageOption {
    /// The paper's formula.
    case dblf
    /// The anchor alone: the paper's R-ONE ablation.
    case anchor
    /// The arithmetic mean.
    case mean
    /// The plain sum: the paper's SUM ablation, taken literally.
    case sum
    /// The paper's formula, each matrix scaled to the norm of the anchor's:
    /// `θ̃ · ‖θ_a‖ / ‖θ̃‖` (Frobenius).
    case rescaled = "dblf-rescaled"
  }

  /// What a part of the representative layer is made from.
  public enum Handling: String, StageOption {
    /// From all members, by the formula: the paper's, which speaks of layer parameters.
    case fuse
    /// From the anchor alone.
    case anchor
  }

  /// Which combination of a group's layers.
  public var kind = Kind.dblf
  /// Weight `β` of each member but the anchor, in `0 ... 1`; used by `dblf` and `dblf-rescaled`.
  ///
  /// The paper has 0.1 for 7B and 8B models and 0.15 for 13B.
  public var beta = 0.1
  /// Whether `β` is at most `1/m`, so that the anchor weighs no less than another member.
  public var isGuarded = false
  /// What norm gains and biases are made from.
  public var norms = Handling.fuse
  /// What adapters are made from.
  public var adapter = Handling.fuse

  /// The paper's fusion.
  public init() {}

  /// The weights of a group's members.
  ///
  /// - Parameter groupSize: Number of members `m`, at least 1.
  /// - Returns: `m` weights, the anchor's first. They add up to 1, those of `sum` to `m`.
  public func coefficients(groupSize: Int) -> [Double] {
    precondition(groupSize >= 1, "group size \(groupSize) must be at least 1")
    let others = groupSize - 1
    switch kind {
    case .dblf, .rescaled:
      let beta = isGuarded ? min(beta, 1 / Double(groupSize)) : beta
      return [1 - beta * Double(others)] + Array(repeating: beta, count: others)
    case .anchor: return [1] + Array(repeating: 0, count: others)
    case .mean: return Array(repeating: 1 / Double(groupSize), count: groupSize)
    case .sum: return Array(repeating: 1, count: groupSize)
    }
  }

  /// Whether a parameter is made from all members, and not from the anchor alone.
  func takesMembers(_ parameterKind: ParameterKind) -> Bool {
    guard kind != .anchor else { return false }
    switch parameterKind {
    case .matrix: return true
    case .vector: return norms == .fuse
    case .adapter: return adapter == .fuse
    }
  }
}
