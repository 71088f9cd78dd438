public import DevFTTensor

/// Federated averaging of B alone, over an A that nobody trains.
///
/// - A is drawn once from the seed, which clients get at their first task (8 bytes of `aux`); it has no
///   gradient and no optimizer state, and stays the same to the bit everywhere.
/// - Only B travels, both ways; the server takes its mean, which is exact:
///   `Σ p_k B_k A = (Σ p_k B_k) A`.
/// - In stages all layers of equal shape share one A. Then transfer copies the A that is there, the
///   fusion of A by weights that add up to 1 is A itself, and that of B is that of `B A`.
/// - SeeAlso: Sun et al., 2024, section 4, <https://arxiv.org/abs/2403.12313>.
public struct FFALoRA: FederatedMethod {
  /// `ffa-lora`.
  public static let name = "ffa-lora"
  /// For the reference.
  public static let meaning = "mean of B over an A that nobody trains"

  /// Bytes of the seed that A is drawn from.
  static let seedByteCount = 8

  private let isStaged: Bool

  /// Creates the method.
  ///
  /// - Parameter settings: In stages the layers share one A.
  public init(_ settings: MethodSettings = MethodSettings()) { isStaged = settings.isStaged }

  /// Everything but what would change A.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against unequal ranks and against sums of A.
  public static func objection(to feature: MethodFeature) -> String? {
    switch feature {
    case .unequalRanks: "all its clients have the same A"
    case .fusionBySum: "a sum would multiply the A that nobody trains"
    case .stages, .groupingByAdapter, .unequalRates, .trainedHead, .lateUpdates: nil
    }
  }

  /// The fresh adapter; in stages with the A of the first layer in all layers of its shape.
  ///
  /// - Parameter adapter: A fresh adapter.
  /// - Returns: What the first round starts from.
  public func initialState(_ adapter: [NamedTensors]) -> FederatedState {
    guard isStaged, let first = adapter.first else { return FederatedState(global: adapter) }
    let shared = adapter.map { layer in
      layer.map { name, tensor in
        guard AdapterPair.isA(name), let own = first[name], own.shape == tensor.shape else {
          return tensor
        }
        return own
      }
    }
    return FederatedState(global: shared)
  }

  /// B travels.
  ///
  /// - Parameters:
  ///   - tensorName: Name of the tensor in its layer.
  ///   - way: Down or up.
  ///   - place: Round, and when the client last took part.
  /// - Returns: Whether it is a B, or of no pair.
  public func travels(_ tensorName: String, _ way: TaskPlace.Way, at place: TaskPlace) -> Bool {
    !AdapterPair.isA(tensorName)
  }

  /// The seed of A goes with a client's first task.
  ///
  /// - Parameter place: Round, and when the client last took part.
  /// - Returns: Its bytes, once.
  public func seedTraffic(at place: TaskPlace) -> Traffic {
    place.lastRound == nil ? Traffic(aux: Self.seedByteCount) : Traffic()
  }

  /// Clients train B.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: A rule that freezes A.
  public func localRule(for task: ClientTask) -> any LocalRule { FactorRule(factor: .loraB) }
}
