/// Training without federation: one client holds all examples.
///
/// What federation is compared with. A round is as many local steps as a client's elsewhere; nothing
/// travels and there is nothing to combine.
public struct Centralised: FederatedMethod {
  /// `centralised`.
  public let name = "centralised"

  /// Creates the method.
  public init() {}

  /// One client with everyone's examples.
  ///
  /// - Parameter partition: The split of the examples.
  /// - Returns: One share.
  public func population(of partition: Partition) -> Partition { partition.pooled }

  /// Nothing travels.
  ///
  /// - Parameter tensorName: Name of the tensor in its layer.
  /// - Returns: `false`.
  public func travels(_ tensorName: String) -> Bool { false }
}
