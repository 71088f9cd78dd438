public import DevFTTensor

/// All that a federated method carries from round to round.
public struct FederatedState: Equatable, Sendable {
  /// The global adapter, one set a layer of the submodel.
  public var global: [NamedTensors]
  /// Adapters of single clients, of methods whose clients keep their own.
  public var personal: [Int: [NamedTensors]]

  /// Starts from a global adapter.
  ///
  /// - Parameters:
  ///   - global: The global adapter.
  ///   - personal: Adapters of single clients; none by default.
  public init(global: [NamedTensors], personal: [Int: [NamedTensors]] = [:]) {
    self.global = global
    self.personal = personal
  }

  /// Carries every adapter over a change of stage.
  ///
  /// - Parameter transfer: Makes the next submodel's adapter from this one's.
  /// - Returns: The state in which the next stage starts.
  /// - Throws: Whatever `transfer` throws.
  public func mapAdapters(
    _ transfer: (_ adapter: [NamedTensors]) throws -> [NamedTensors]
  ) rethrows -> FederatedState {
    FederatedState(global: try transfer(global), personal: try personal.mapValues(transfer))
  }
}
