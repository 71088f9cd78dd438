public import DevFTTensor

/// Low-rank updates that a method has merged into the base, kept as factors beside it.
///
/// A layer of the model is `W + s Σ B A` over the bank's ranks, and the client's own pair on top. The base,
/// perhaps of four bits, is never written, and no training step touches the bank. It grows with every
/// merge; what passes the rank of a full matrix is multiplied out, which loses nothing, and what
/// passes a smaller limit is cut, which ``truncations`` tells.
public struct FactorBank: Equatable, Sendable {
  /// What cutting the ranks of a module has lost.
  public struct Truncation: Equatable, Sendable {
    /// Layer of the submodel, from 0.
    public var layer: Int
    /// The module, such as `self_attn.q_proj`.
    public var module: String
    /// Norm of what was cut (Frobenius).
    public var lost: Double
    /// Norm of the whole product before.
    public var norm: Double
  }

  /// Factors beside the submodel's layers, one set a layer; nothing before the first merge.
  public var layers: [NamedTensors]
  /// Factors that fused layers of the submodel contain already, one set a layer of the full model, empty
  /// for layers that were not fused; nothing when there are none.
  public var folded: [NamedTensors]
  /// What the last merge has cut.
  public private(set) var truncations: [Truncation] = []

  /// Creates a bank.
  ///
  /// - Parameters:
  ///   - layers: Factors beside the submodel's layers; nothing by default.
  ///   - folded: Factors that its fused layers contain; nothing by default.
  public init(layers: [NamedTensors] = [], folded: [NamedTensors] = []) {
    self.layers = layers
    self.folded = folded
  }

  /// Whether nothing has been merged.
  public var isEmpty: Bool { layers.isEmpty && folded.isEmpty }

  /// Numbers of all factors together.
  public var parameterCount: Int { (layers + folded).reduce(0) { $0 + $1.parameterCount } }

  /// The largest rank of a module.
  public var rank: Int { (layers + folded).compactMap(AdapterPair.largestRank).max() ?? 0 }

  /// Share of the bank that the last merge has cut: the norms of all modules taken together.
  public var lostShare: Double {
    let lost = truncations.reduce(0) { $0 + $1.lost * $1.lost }
    let all = truncations.reduce(0) { $0 + $1.norm * $1.norm }
    return lost == 0 ? 0 : (lost / all).squareRoot()
  }

  /// Adds the ranks of new factors.
  ///
  /// - Parameters:
  ///   - factors: One set a layer of the submodel.
  ///   - rankLimit: Ranks of a module that are kept; 0 keeps all.
  /// - Throws: `FederationError` with code `notSolvable` when a module cannot be decomposed.
  mutating func merge(_ factors: [NamedTensors], rankLimit: Int) throws(FederationError) {
    truncations = []
    if layers.isEmpty { layers = factors.map { _ in NamedTensors() } }
    precondition(
      layers.count == factors.count,
      "\(factors.count) layers, \(layers.count) in the bank"
    )
    for index in factors.indices {
      layers[index] = AdapterPair.joined(layers[index], factors[index])
      for pair in AdapterPair.pairs(in: layers[index]) {
        let cut = try layers[index].compress(pair, rankLimit: rankLimit)
        guard let cut else { continue }
        truncations.append(
          Truncation(layer: index, module: pair.module, lost: cut.lost, norm: cut.norm)
        )
      }
    }
  }

  /// Forgets what the last merge has cut, before a round that may merge nothing.
  mutating func clearTruncations() { truncations = [] }
}

extension NamedTensors {
  /// Brings a module to the rank of a full matrix, or to a smaller limit.
  ///
  /// - Parameters:
  ///   - pair: The module.
  ///   - rankLimit: Ranks that are kept; 0 keeps all.
  /// - Returns: Norms of what was cut and of the whole; `nil` when nothing was cut.
  /// - Throws: `FederationError` with code `notSolvable` when it cannot be decomposed.
  fileprivate mutating func compress(
    _ pair: AdapterPair,
    rankLimit: Int
  ) throws(FederationError) -> (lost: Double, norm: Double)? {
    guard let loraA = self[pair.loraA], let loraB = self[pair.loraB] else { return nil }
    let fullRank = min(loraA.columnCount, loraB.rowCount)
    let limit = rankLimit == 0 ? fullRank : min(rankLimit, fullRank)
    guard loraA.rowCount > limit else { return nil }
    if limit == fullRank {
      multiplyOut(pair)
      return nil
    }
    let sum = try FactoredSum([(loraA, loraB)], weights: [1])
    (self[pair.loraA], self[pair.loraB]) = sum.truncated(toRank: limit)
    let squares = sum.values.map { $0 * $0 }
    return (
      squares.dropFirst(limit).reduce(0, +).squareRoot(), squares.reduce(0, +).squareRoot()
    )
  }

  /// Replaces a module's factors by the product of full rank and an identity.
  ///
  /// Only float32's rounding of the sums changes anything; what was an identity before adds none.
  fileprivate mutating func multiplyOut(_ pair: AdapterPair) {
    guard let loraA = self[pair.loraA], let loraB = self[pair.loraB] else { return }
    let product = Tensor.product(
      Matrix(loraB, precision: .float32),
      Matrix(loraA, precision: .float32),
      transposingRight: false
    )
    let order = min(product.rowCount, product.columnCount)
    var identity = Tensor(shape: [order, order])
    for index in 0..<order { identity.elements[index * (order + 1)] = 1 }
    let isWide = product.rowCount == order
    self[pair.loraA] = isWide ? product : identity
    self[pair.loraB] = isWide ? identity : product
  }

  /// Multiplies out what has passed the rank of a full matrix.
  mutating func multiplyOutAboveFullRank() {
    for pair in AdapterPair.pairs(in: self) {
      guard let loraA = self[pair.loraA], let loraB = self[pair.loraB],
        loraA.rowCount > min(loraA.columnCount, loraB.rowCount)
      else { continue }
      multiplyOut(pair)
    }
  }
}
