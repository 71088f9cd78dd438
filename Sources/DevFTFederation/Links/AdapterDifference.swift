public import DevFTTensor

/// The two sides of a difference that travels in place of an adapter.
public struct AdapterDifference: Equatable, Sendable {
  /// The adapter as its sender has it, one set a layer.
  public var adapter: [NamedTensors]
  /// What the receiver holds in its place; where it holds nothing of the same shape, zeros are meant.
  public var reference: [NamedTensors]

  /// Describes a difference.
  ///
  /// - Parameters:
  ///   - adapter: The adapter as its sender has it, one set a layer.
  ///   - reference: What the receiver holds in its place, one set a layer, or nothing.
  public init(adapter: [NamedTensors], reference: [NamedTensors]) {
    self.adapter = adapter
    self.reference = reference
  }
}
