public import DevFTTensor

/// A network that makes the adapters of all layers from a few numbers of each layer and the mix of examples.
///
/// - Condition of layer `l`, `[t]`: `e_l = embedding_l + W p + b`, with the shares `p`, `[C]`, of the classes
///   among the examples.
/// - Each module has two heads, one a factor: `H = U V + bias`, `[t, R · width]`, with `U` `[t R, c]` and `V`
///   `[c, width]`. The factor is `e_l H`, laid out as `[R, width]`; that of B is then transposed. Each of
///   the `t` rows of A's `H` is scaled to length 1.
/// - What is trained in the place of an adapter: a set with the embedding for each layer, and behind them one set
///   with everything else, in which an encoder's head stays as it is.
/// - SeeAlso: ``C2A``.
public struct HyperNetwork: Sendable {
  /// Embedding of each layer, `[t]`.
  private let embeddings: [Tensor]
  /// The set behind those of the layers.
  private let shared: NamedTensors
  private let heads: [HyperHead]

  /// Reads the numbers that are trained.
  ///
  /// - Parameter parameters: One set a layer, and the shared one.
  /// - Precondition: The sets are such as ``C2A`` starts from.
  public init(_ parameters: [NamedTensors]) {
    embeddings = parameters.compactMap { $0[HyperName.embedding] }
    guard let shared = parameters.last, parameters.count == embeddings.count + 1,
      let first = embeddings.first
    else { preconditionFailure("\(parameters.count) sets, \(embeddings.count) embeddings") }
    self.shared = shared
    heads = HyperName.modules(in: shared).flatMap { module in
      [
        HyperHead(of: module, .loraA, in: shared, conditionWidth: first.count),
        HyperHead(of: module, .loraB, in: shared, conditionWidth: first.count),
      ]
    }
  }

  /// Number of classes `C`.
  public var classCount: Int { weight.columnCount }

  /// Middle of each class, `[C, D]`; `nil` where examples have labels.
  public var centroids: Tensor? { shared[HyperName.centroids] }

  /// The class of an example without a label.
  ///
  /// - Parameter features: What is known of the example, `[D]`.
  /// - Returns: The class whose centroid is nearest, the first of equally near ones; 0 without centroids.
  public func nearestClass(to features: [Float]) -> Int {
    guard let centroids else { return 0 }
    let distances = (0..<centroids.rowCount).map { row in
      zip(features, centroids.elements[row * features.count..<(row + 1) * features.count])
        .reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
    }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }

  /// The share of each class among some examples.
  ///
  /// - Parameter classes: Class of each example, from 0; none for equal shares.
  /// - Returns: `C` numbers that add up to 1.
  public func shares(of classes: [Int]) -> [Float] {
    guard !classes.isEmpty else {
      return Array(repeating: 1 / Float(classCount), count: classCount)
    }
    var counts = Array(repeating: Float(0), count: classCount)
    for index in classes { counts[index] += 1 }
    return counts.map { $0 / Float(classes.count) }
  }

  /// Floating-point operations of making the adapter and of carrying its gradient back.
  public var operationCount: Double {
    // A product forward is two of its size backward.
    3 * heads.reduce(0) { $0 + $1.operationCount(layerCount: embeddings.count) }
  }

  /// Makes the adapter.
  ///
  /// - Parameter shares: Share of each class, `[C]`.
  /// - Returns: One set a layer, PEFT's names; behind them an encoder's head, if there is one.
  public func adapter(shares: [Float]) -> [NamedTensors] {
    let conditions = conditions(shares)
    var layers = Array(repeating: NamedTensors(), count: embeddings.count)
    for head in heads {
      for (layer, factor) in head.factors(conditions).enumerated() {
        layers[layer][head.name] = factor
      }
    }
    let rest = rest(of: shared)
    return rest.count == 0 ? layers : layers + [rest]
  }

  /// Carries a gradient of the adapter back to the numbers that are trained.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the adapter that ``adapter(shares:)`` makes, under its names.
  ///   - shares: The same shares.
  /// - Returns: The gradient in the sets of the parameters; none of the centroids.
  public func gradient(of gradient: [NamedTensors], shares: [Float]) -> [NamedTensors] {
    let conditions = conditions(shares)
    var byConditions = Tensor(shape: conditions.shape)
    var result =
      gradient.count > embeddings.count ? rest(of: gradient[embeddings.count]) : NamedTensors()
    for head in heads {
      let factors = gradient.prefix(embeddings.count).compactMap { $0[head.name] }
      precondition(factors.count == embeddings.count, "\(head.name): a layer has no gradient")
      byConditions.add(head.addGradients(of: factors, at: conditions, to: &result))
    }
    let rows = (0..<embeddings.count).map { byConditions.rows($0..<$0 + 1) }
    var sum = Tensor(shape: [1, conditions.columnCount])
    for row in rows { sum.add(row) }
    let outer = sum.elements.flatMap { number in shares.map { number * $0 } }
    result[HyperName.weight] = Tensor(shape: weight.shape, elements: outer)
    result[HyperName.bias] = sum.reshaped(to: [conditions.columnCount])
    return rows.map { NamedTensors([HyperName.embedding: $0.reshaped(to: [$0.count])]) } + [result]
  }

  /// `W`, `[t, C]`.
  private var weight: Tensor { shared[HyperName.weight] ?? Tensor(shape: [0, 1]) }

  /// `e_l` of each layer, `[L, t]`.
  private func conditions(_ shares: [Float]) -> Tensor {
    precondition(shares.count == classCount, "\(shares.count) shares of \(classCount) classes")
    let (weight, bias) = (weight.elements, shared[HyperName.bias]?.elements ?? [])
    let common = bias.indices.map { row in
      shares.indices.reduce(bias[row]) { $0 + weight[row * shares.count + $1] * shares[$1] }
    }
    return Tensor(
      shape: [embeddings.count, common.count],
      elements: embeddings.flatMap { zip($0.elements, common).map(+) }
    )
  }

  /// What of the shared set is not the network's: an encoder's head.
  private func rest(of set: NamedTensors) -> NamedTensors {
    var rest = set
    for name in set.names where HyperName.isOwn(name) { rest[name] = nil }
    return rest
  }
}
