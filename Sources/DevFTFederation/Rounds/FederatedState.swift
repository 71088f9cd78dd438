public import DevFTTensor

/// All that a federated method carries from round to round.
///
/// What clients keep stands here too, since a simulation has one memory for all of them.
public struct FederatedState: Equatable, Sendable {
  /// The global adapter, one set a layer of the submodel.
  public var global: [NamedTensors]
  /// What single clients keep, one set a layer: adapters, or parts of them, or control variates.
  public var personal: [Int: [NamedTensors]]
  /// What the server keeps beside the global adapter, by name, one set a layer.
  public var server: [String: [NamedTensors]]
  /// Numbers of single clients, layers or rounds, by name and which of them.
  public var numbers: [String: [Int: Double]]
  /// What has been merged into the base.
  public var bank: FactorBank
  /// Answers to closed rounds that later ones have to look at, where a run uses them.
  public var late: [LateUpdate] = []

  /// Starts from a global adapter.
  ///
  /// - Parameters:
  ///   - global: The global adapter.
  ///   - personal: What single clients keep; nothing by default.
  ///   - server: What the server keeps beside it; nothing by default.
  ///   - numbers: Numbers of single clients or rounds; none by default.
  ///   - bank: What has been merged into the base; nothing by default.
  public init(
    global: [NamedTensors],
    personal: [Int: [NamedTensors]] = [:],
    server: [String: [NamedTensors]] = [:],
    numbers: [String: [Int: Double]] = [:],
    bank: FactorBank = FactorBank()
  ) {
    self.global = global
    self.personal = personal
    self.server = server
    self.numbers = numbers
    self.bank = bank
  }

  /// Carries all tensors over a change of stage, but the bank, which has a way of its own.
  ///
  /// - Parameter transfer: Makes the next submodel's tensors from this one's.
  /// - Returns: The state in which the next stage starts.
  /// - Throws: Whatever `transfer` throws.
  public func mapAdapters(
    _ transfer: (_ adapter: [NamedTensors]) throws -> [NamedTensors]
  ) rethrows -> FederatedState {
    var result = FederatedState(
      global: try transfer(global),
      personal: try personal.mapValues(transfer),
      server: try server.mapValues(transfer),
      numbers: numbers,
      bank: bank
    )
    // They belong to the stage of their rounds; when they come, another stage refuses them.
    result.late = late
    return result
  }
}
