import DevFTTensor

/// One of the two factors of every adapted module.
enum AdapterFactor: Sendable {
  /// Down projections, `[R, in]`.
  case loraA
  /// Up projections, `[out, R]`.
  case loraB

  /// Whether a tensor is such a factor.
  func holds(_ tensorName: String) -> Bool {
    switch self {
    case .loraA: AdapterPair.isA(tensorName)
    case .loraB: AdapterPair.isB(tensorName)
    }
  }

  /// The tensors of an adapter that are such factors; a last set without any, such as a head's, is left
  /// out, as it is after a checkpoint.
  func part(of adapter: [NamedTensors]) -> [NamedTensors] {
    var parts = adapter.map { layer in
      var part = layer
      for name in layer.names where !holds(name) { part[name] = nil }
      return part
    }
    if parts.last?.count == 0 { parts.removeLast() }
    return parts
  }
}

/// Trains one factor and leaves the other alone.
struct FactorRule: LocalRule {
  /// The factor that is trained.
  let factor: AdapterFactor

  func trains(_ tensorName: String) -> Bool {
    factor.holds(tensorName) || AdapterPair.isOther(tensorName)
  }
}
