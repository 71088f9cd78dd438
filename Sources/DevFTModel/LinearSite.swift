import DevFTFormats

/// A place of a layer where one input is multiplied by one or several projections.
public enum LinearSite: CaseIterable, Sendable {
  /// Queries, keys and values of the normalised stream.
  case attentionInput
  /// The way back from attention to the stream.
  case attentionOutput
  /// Gates and ups of the normalised stream.
  case feedForwardInput
  /// The way back from the gated activation to the stream.
  case feedForwardOutput

  /// The projections, in the order in which their results stand in a row.
  var projections: [Projection] {
    switch self {
    case .attentionInput: [.q, .k, .v]
    case .attentionOutput: [.o]
    case .feedForwardInput: [.gate, .up]
    case .feedForwardOutput: [.down]
    }
  }
}
