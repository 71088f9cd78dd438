/// Federated averaging of adapters.
///
/// - Clients train both factors of all modules, from the global adapter.
/// - All adapter numbers travel, both ways.
/// - The server takes the mean of each factor, `Σ p_k θ_k`. The mean of the products would be
///   another matrix; ``AggregationError`` says how far.
/// - SeeAlso: Zhang et al., 2023, <https://arxiv.org/abs/2305.05644>.
public struct FedIT: FederatedMethod {
  /// `fedit`.
  public let name = "fedit"

  /// Creates the method.
  public init() {}

  /// Everything travels.
  ///
  /// - Parameter tensorName: Name of the tensor in its layer.
  /// - Returns: `true`.
  public func travels(_ tensorName: String) -> Bool { true }
}
