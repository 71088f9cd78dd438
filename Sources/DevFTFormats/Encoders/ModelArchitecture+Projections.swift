extension ModelArchitecture {
  /// The maps that a layer has: all of them, less the gate in an encoder.
  public var projections: [Projection] {
    encoder == nil ? Projection.allCases : Projection.allCases.filter { $0 != .gate }
  }
}
