/// A rule that splits examples over clients.
public enum PartitionKind: Hashable, Sendable {
  /// A random permutation cut into shares whose sizes differ by at most one.
  case iid
  /// For each label, the clients' shares of its examples are drawn from Dirichlet(`alpha`).
  ///
  /// Small `alpha` gives each label to few clients. The draw is repeated until every client has
  /// `minimumExamples`.
  case dirichlet(field: String, alpha: Double, minimumExamples: Int = 1)
  /// One client a value of the field, in the order of the values.
  ///
  /// With fewer clients than values, the values with most examples are kept (of equals the first in
  /// order) and the examples of the others stay unused.
  case field(String)
  /// Examples in the order of the field, or as they come, cut into shards that are dealt at random.
  case shards(field: String?, perClient: Int)

  /// Examples dealt at random in shares whose sizes follow a power law: the k-th largest share has
  /// a size in proportion to `k^-exponent`, and at least one example.
  case powerLaw(exponent: Double)

  /// The field of the examples that the rule looks at, or `nil` when it looks at none.
  public var field: String? {
    switch self {
    case .iid, .powerLaw: nil
    case .dirichlet(let field, _, _), .field(let field): field
    case .shards(let field, _): field
    }
  }
}
