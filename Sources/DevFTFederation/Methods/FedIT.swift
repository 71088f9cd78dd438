/// Federated averaging of adapters.
///
/// - Clients train both factors of all modules, from the global adapter.
/// - All adapter numbers travel, both ways.
/// - The server takes the mean of each factor, `Σ p_k θ_k`. The mean of the products would be
///   another matrix; ``AggregationError`` says how far.
/// - SeeAlso: Zhang et al., 2023, <https://arxiv.org/abs/2305.05644>.
public struct FedIT: FederatedMethod {
  /// `fedit`.
  public static let name = "fedit"
  /// For the reference.
  public static let meaning = "weighted mean of the adapters"

  /// Creates the method.
  ///
  /// - Parameter settings: Not looked at.
  public init(_ settings: MethodSettings = MethodSettings()) {}
}
